using OwnMethod;
using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

// Methods of one's own, used from C#. The tool uses them as well:
//   plait --plugin examples/OwnMethod/bin/Release/net10.0/OwnMethod.dll methods equal-norms

torch.manual_seed(0);
var x = torch.randn(600, 8); // [rows, features]
var sum = x.narrow(1, 0, 4).sum(dim: 1L);
var tasks = new TaskSet(LearningTask.Regression("small"), LearningTask.Regression("large"));
using var data = TensorData.Shared(tasks, x, [TaskTarget.FromRaw(sum), TaskTarget.FromRaw(sum.mul(30))]);
var parts = Splits.Random(data.Rows, [0.8, 0.2], seed: 0);
using var train = data.Subset(parts[0]);
using var test = data.Subset(parts[1]);

// By their names, as files and command lines have them: the assembly is marked, so the catalogue has found it.
var aggregator = MethodCatalog.Create<GradientAggregator>("equal-norms");
Console.WriteLine(
    $"{MethodCatalog.NameOf(aggregator)} and {MethodCatalog.NameOf(new PowerMean())} are in the catalogue"
);

// Or as objects, which needs no catalogue.
foreach (
    var recipe in new[]
    {
        new Recipe(),
        new Recipe { Aggregator = aggregator, Weighting = new PowerMean(power: 1) },
    }
)
{
    torch.manual_seed(1);
    using var network = new HardSharing(tasks, new Mlp(inputs: 8, widths: [32]));
    new Trainer(network, recipe with { Epochs = 20 }).Fit(train.Batches(32, shuffleSeed: 0));
    Console.WriteLine(
        $"{MethodCatalog.NameOf(recipe.Aggregator)}: {Evaluator.Evaluate(network, test.Batches(120)).Metrics}"
    );
}
