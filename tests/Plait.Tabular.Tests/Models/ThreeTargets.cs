using System.Globalization;
using System.Text;
using Plait.Tabular.Models;
using Plait.Tabular.Predictions;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Tabular.Tests.Models;

/// <summary>A made-up table with a target of each kind, some of them missing, that a small network can learn.</summary>
internal static class ThreeTargets
{
    public static readonly TargetSpecification[] Targets = Tables.Targets(
        "amount:regression",
        "up:binary",
        "kind:classification"
    );

    public static string Csv(int rows, int seed = 1)
    {
        var random = new Random(seed);
        var text = new StringBuilder("a,b,colour,amount,up,kind\n");
        for (var row = 0; row < rows; row++)
        {
            var (a, b) = ((random.NextDouble() * 4) - 2, (random.NextDouble() * 4) - 2);
            var red = random.Next(2) == 0;
            var amount = 1000 + (300 * a) - (100 * b) + (red ? 200 : 0);
            var kind =
                a > 0.5 ? "hot"
                : b > 0 ? "mild"
                : "cold";
            text.Append(
                CultureInfo.InvariantCulture,
                $"{a:0.0000},{b:0.0000},{(red ? "red" : "blue")},{(row % 9 == 0 ? "" : $"{amount:0.00}")},{(row % 11 == 0 ? "" : a + b > 0 ? "yes" : "no")},{kind}\n"
            );
        }

        return text.ToString();
    }

    public static TabularJob Job(string table, string? folder = null, long seed = 3) =>
        new()
        {
            Table = table,
            Targets = Targets,
            Run = new RunSpecification
            {
                Encoder = "mlp:widths=32-16,dropout=0.1",
                Optimizer = "adam:learning-rate=0.01",
                Weighting = "dwa",
                Epochs = 8,
                BatchSize = 32,
                Seed = seed,
            },
            ModelFolder = folder,
        };

    public static TabularModel Train(TabularJob job)
    {
        using var training = TabularTraining.Prepare(job);
        return Run(training).Model;
    }

    public static (TabularModel Model, TrainingResult History) Run(
        TabularTraining training,
        CheckpointFolder? checkpoints = null
    ) => training.Run(checkpoints, cancel: TestContext.Current.CancellationToken);

    public static TestReport Evaluate(TabularModel model, string path, params Metric[] metrics) =>
        model.Evaluate(path, metrics.Length == 0 ? null : metrics, TestContext.Current.CancellationToken);

    /// <summary>What a model says of each row, as the bits of its outputs.</summary>
    public static float[][] Outputs(TabularModel model, string csv, int rowsAtATime = 4096)
    {
        using var scope = torch.NewDisposeScope();
        using var reader = new FeatureReader(new StringReader(csv), model.Preprocessing);
        List<float>[] values = [.. model.Tasks.Select(_ => new List<float>())];
        foreach (var chunk in reader.Read(rowsAtATime))
        {
            var outputs = model.Predict(chunk.Input);
            for (var task = 0; task < values.Length; task++)
            {
                values[task].AddRange(Tables.Numbers(outputs[task].contiguous()));
            }
        }

        return [.. values.Select(list => list.ToArray())];
    }
}
