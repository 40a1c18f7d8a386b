using System.Globalization;
using System.Text;
using Plait.Tabular.Models;
using Plait.Tabular.Predictions;
using Plait.Tasks.Metrics;
using Plait.Training;

namespace Plait.Tabular.Tests.Models;

/// <summary>From a file's numbers to predictions and metrics in the file's unit, where single precision would not do.</summary>
[Collection("torch")]
public sealed class NumbersOfAnySizeTests : IDisposable
{
    private const int Rows = 400;

    private readonly TemporaryFolder folder = new();

    /// <summary>Times in seconds, money in the smallest unit, and numbers of physics; each is the offset and the spread of the target.</summary>
    public static TheoryData<double, double> Scales =>
        new()
        {
            { 1.7e9, 200 },
            { -1.7e12, 1 },
            { 0, 1e-30 },
            { 1e30, 1e28 },
            { 0, 1e-120 },
            { 0, 1e120 },
        };

    [Theory]
    [MemberData(nameof(Scales))]
    public void Predictions_differ_row_by_row_and_metrics_are_those_of_the_file(double offset, double spread)
    {
        var csv = Csv(offset, spread);
        using var model = Train(csv, out var testRows);

        var said = Said(model, csv);

        var truth = Column(csv, 1);
        Assert.True(said.Distinct().Count() > Rows * 9 / 10, $"{said.Distinct().Count()} different predictions");
        var all = ThreeTargets.Evaluate(model, folder.File("data.csv"), new MeanAbsoluteError(), new RSquared());
        Close(MeanAbsolute(truth, said), all.Targets[0].Metrics["mae"]);
        Assert.InRange(all.Targets[0].Metrics["r2"]!.Value, 0.8, 1);
        Close(
            MeanAbsolute([.. testRows.Select(row => truth[row])], [.. testRows.Select(row => said[row])]),
            model.Test!.Targets[0].Metrics["mae"]
        );
    }

    [Fact]
    public void Time_as_an_input_tells_one_second_from_the_next()
    {
        var csv = string.Concat(
            Enumerable
                .Range(0, Rows)
                .Select(row =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{1_700_000_000 + (row * 37 % Rows)},{row * 37 % Rows}\n"
                    )
                )
        );
        using var model = Train("x,y\n" + csv, out _);

        Assert.InRange(model.Test!.Targets[0].Metrics["r2"]!.Value, 0.9, 1);
    }

    [Fact]
    public void Number_beyond_computing_names_its_place()
    {
        using var model = Train(Csv(0, 1), out _);

        Tables.Says(
            Tables.Fails(() => ThreeTargets.Outputs(model, "x\n0\n1e60\n")),
            3,
            "x",
            "1E+60 is too far from the numbers of the training rows, whose mean is"
        );
        Tables.Says(
            Tables.Fails(() => ThreeTargets.Evaluate(model, folder.Write("far.csv", "x,y\n0,1e60\n"))),
            2,
            "y",
            "1E+60 is too far"
        );
    }

    public void Dispose() => folder.Dispose();

    private static string Csv(double offset, double spread)
    {
        var random = new Random(7);
        var text = new StringBuilder("x,y\n");
        for (var row = 0; row < Rows; row++)
        {
            var x = (random.NextDouble() * 2) - 1;
            var y = offset + (spread * (x + (0.1 * random.NextDouble())));
            text.Append(CultureInfo.InvariantCulture, $"{x:R},{y:R}\n");
        }

        return text.ToString();
    }

    private TabularModel Train(string csv, out long[] testRows)
    {
        using var training = TabularTraining.Prepare(
            new TabularJob
            {
                Table = folder.Write("data.csv", csv),
                Targets = Tables.Targets("y:regression"),
                Run = new RunSpecification
                {
                    Encoder = "mlp:widths=16",
                    Optimizer = "adam:learning-rate=0.02",
                    Epochs = 15,
                    BatchSize = 32,
                    Seed = 3,
                },
            }
        );
        testRows = training.Split.Test;
        return ThreeTargets.Run(training).Model;
    }

    /// <summary>What the file of predictions says.</summary>
    private static double[] Said(TabularModel model, string csv)
    {
        using var text = new StringWriter();
        using var writer = new PredictionWriter(text, model.Preprocessing);
        using var reader = new FeatureReader(new StringReader(csv), model.Preprocessing);
        foreach (var chunk in reader.Read())
        {
            using var scope = torch.NewDisposeScope();
            writer.Write(model.Predict(chunk.Input));
        }

        writer.Complete();
        return Column(text.ToString(), 0);
    }

    private static double[] Column(string csv, int column) =>
        [
            .. csv.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Skip(1)
                .Select(line => double.Parse(line.Split(',')[column], CultureInfo.InvariantCulture)),
        ];

    private static double MeanAbsolute(double[] truth, double[] said) =>
        truth.Zip(said).Average(pair => Math.Abs(pair.First - pair.Second));

    private static void Close(double expected, double? actual) =>
        Assert.InRange(actual!.Value, expected * (1 - 1e-9), expected * (1 + 1e-9));
}
