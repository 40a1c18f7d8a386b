using BenchmarkDotNet.Running;
using Plait.Bench;

torch.set_num_threads(1);
torch.manual_seed(0);
if (args is ["memory", ..])
{
    WorkingSet.Watch(steps: args.Length > 1 ? int.Parse(args[1]) : 10_000);
    return;
}

if (args is ["methods", var problem, ..])
{
    MethodSteps.Run(problem, rounds: args.Length > 2 ? int.Parse(args[2]) : 7, args[Math.Min(3, args.Length)..]);
    return;
}

if (args is ["paired", var paired, var method, ..])
{
    PairedSteps.Run(
        paired,
        method,
        pairs: args.Length > 3 ? int.Parse(args[3]) : 15,
        batches: args.Length > 4 ? int.Parse(args[4]) : 1
    );
    return;
}

if (args is ["freed", var trained, var by, var kept])
{
    FreedMemoryGain.Print(trained, by, keep: kept == "kept");
    return;
}

if (args is ["freed", ..])
{
    FreedMemoryGain.Run(rounds: args.Length > 1 ? int.Parse(args[1]) : 5);
    return;
}

if (args is ["vision", ..])
{
    VisionSteps.Run(rounds: args.Length > 1 ? int.Parse(args[1]) : 5, args[Math.Min(2, args.Length)..]);
    return;
}

if (args is ["layouts", ..])
{
    VisionSteps.RunLayouts(rounds: args.Length > 1 ? int.Parse(args[1]) : 9);
    return;
}

if (args is ["records", ..])
{
    RecordCost.Run(rounds: args.Length > 1 ? int.Parse(args[1]) : 7);
    return;
}

if (args is ["affinities", ..])
{
    AffinityCost.Run(rounds: args.Length > 1 ? int.Parse(args[1]) : 7);
    return;
}

if (args is ["peak", var aggregator, ..])
{
    PeakMemory.Print(aggregator, rowMemory: args.Length > 2 ? long.Parse(args[2]) : null);
    return;
}

if (args is ["turns", var name, ..])
{
    TurnByTurn.Run(name, rounds: args.Length > 2 ? int.Parse(args[2]) : 15);
    return;
}

if (args is ["experts", ..])
{
    ExpertLoops.Run(
        rounds: args.Length > 1 ? int.Parse(args[1]) : 15,
        threads: args.Length > 2 ? int.Parse(args[2]) : 1,
        only: args.ElementAtOrDefault(3) ?? ""
    );
    return;
}

if (args is ["solvers", ..])
{
    SolverLatency.Print(args.ElementAtOrDefault(1));
    return;
}

if (args is ["grouping", ..])
{
    GroupingTimes.Print();
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(RatioConfig).Assembly).Run(args, new RatioConfig());
