// A training loop of your own, with TorchSharp's optimizer: Plait gives the task gradients, the weights of the losses and the
// rule that joins the gradients. PlainTorch beside it does the same for a network that is no MultiTaskNetwork.
// Data and targets come from a random teacher, so there is something to learn and nothing to download.
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;
using Plait.Tasks.Answers;

const int rows = 512;
torch.set_num_threads(1);
torch.manual_seed(1);
using var scope = torch.NewDisposeScope();
var tasks = new TaskSet(LearningTask.Regression("height"), LearningTask.Binary("is tall"));
var network = new HardSharing(tasks, new Mlp(inputs: 8, widths: [32, 16]));
var aggregator = new PCGrad();
var weighting = new Uncertainty();
aggregator.Begin(network);
weighting.Begin(tasks, torch.CPU);
var optimizer = torch.optim.Adam([.. network.parameters(), .. weighting.Parameters], 0.01);

var input = torch.randn(rows, 8);
var hidden = input.mm(torch.randn(8, 4)).tanh();
var height = hidden.mm(torch.randn(4, 1));
var tall = hidden.mm(torch.randn(4, 1)).gt(0).to(ScalarType.Float32);
var batch = MultiTaskBatch.Shared(tasks.All, input, [TaskTarget.Of(height), TaskTarget.Of(tall)]);

double[] first = [];
double[] last = [];
for (var step = 0; step < 200; step++)
{
    using var stepScope = torch.NewDisposeScope();
    var at = new StepContext { Tasks = tasks, Step = step };
    var outputs = network.Forward(batch, tasks.All);
    var losses = TaskLosses.Of(tasks, tasks.Select((task, i) => task.Loss.Compute(outputs[i], batch.TargetOf(i))));
    optimizer.zero_grad(); // for what the weighting learns; the network's gradients are replaced anyway
    TaskGradients.Of(losses, network, outputs, weighting.Weigh(losses, at)).Apply(aggregator, at);
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
