// A network, losses and a loop that are plain TorchSharp: any weighting and any aggregator of Plait sits between the losses
// and the optimizer. Give names as arguments: dotnet run --project examples/PlainTorch -- cagrad equal
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;
using Plait.Tasks.Answers;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

const int rows = 512;
torch.set_num_threads(1);
torch.manual_seed(1);
using var scope = torch.NewDisposeScope();
var trunk = Sequential(Linear(8, 32), ReLU(), Linear(32, 16), ReLU());
Linear[] heads = [Linear(16, 1), Linear(16, 1)];

var tasks = new TaskSet(LearningTask.Regression("height"), LearningTask.Binary("is tall"));
var aggregator = MethodCatalog.Create<GradientAggregator>(args.Length > 0 ? args[0] : "pcgrad");
var weighting = MethodCatalog.Create<LossWeighting>(args.Length > 1 ? args[1] : "uncertainty");
aggregator.Begin(tasks.Count);
weighting.Begin(tasks, torch.CPU);
var optimizer = torch.optim.Adam(
    [.. trunk.parameters(), .. heads.SelectMany(head => head.parameters()), .. weighting.Parameters],
    0.01
);

var input = torch.randn(rows, 8);
var hidden = input.mm(torch.randn(8, 4)).tanh();
var height = hidden.mm(torch.randn(4, 1));
var tall = hidden.mm(torch.randn(4, 1)).gt(0).to(ScalarType.Float32);

double[] first = [];
double[] last = [];
for (var step = 0; step < 200; step++)
{
    using var stepScope = torch.NewDisposeScope();
    var at = new StepContext { Tasks = tasks, Step = step };
    var representation = trunk.call(input);
    var losses = TaskLosses.Of(
        tasks,
        functional.mse_loss(heads[0].call(representation), height),
        functional.binary_cross_entropy_with_logits(heads[1].call(representation), tall)
    );
    optimizer.zero_grad();

    losses.Backward(trunk.parameters(), aggregator, at, weighting.Weigh(losses, at));
    optimizer.step();

    last = losses.Numbers.ToArray();
    first = step == 0 ? last : first;
    if (step % 40 == 0)
    {
        Console.WriteLine($"step {step, 3}: {tasks[0]} {last[0]:0.000}, {tasks[1]} {last[1]:0.000}");
    }
}

Console.WriteLine($"end:      {tasks[0]} {last[0]:0.000}, {tasks[1]} {last[1]:0.000}");
return last[0] < first[0] / 4 && last[1] < first[1] / 4 ? 0 : 1;
