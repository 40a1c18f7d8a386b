using BenchmarkDotNet.Running;
using Plait.Bench;

torch.set_num_threads(1);
torch.manual_seed(0);
if (args is ["memory", ..])
{
    WorkingSet.Watch(steps: args.Length > 1 ? int.Parse(args[1]) : 10_000);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(RatioConfig).Assembly).Run(args, new RatioConfig());
