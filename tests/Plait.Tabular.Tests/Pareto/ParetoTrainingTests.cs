using System.Globalization;
using Plait.Tabular.Models;
using Plait.Tabular.Pareto;
using Plait.Training;

namespace Plait.Tabular.Tests.Pareto;

[Collection("torch")]
public sealed class ParetoTrainingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>A point that is picked by the test rows is not judged by them.</summary>
    [Fact]
    public void Which_points_are_dominated_is_decided_without_the_test_rows()
    {
        var honest = Rows();
        var first = Train("honest", honest, out var split);
        foreach (var row in split.Test)
        {
            honest[row] = honest[row] with { X = 10 - honest[row].X };
        }

        var second = Train("turned", honest, out _);

        Assert.Equal(first.Reference, second.Reference);
        Assert.Equal(first.Points.SelectMany(point => point.Losses), second.Points.SelectMany(point => point.Losses));
        Assert.NotEqual(first.Points[0].Targets[0].Metrics["mae"], second.Points[0].Targets[0].Metrics["mae"]);
    }

    /// <summary>One of ten rows says yes. The best guess for all rows counts classes as the loss does.</summary>
    [Theory]
    [InlineData(false, 0, 0.325)] // -0.1 ln 0.1 - 0.9 ln 0.9
    [InlineData(true, 0, 0.693)] // ln 2
    [InlineData(false, 27, 0.562)] // as if three of four: -0.75 ln 0.75 - 0.25 ln 0.25
    public void The_reference_of_a_class_is_the_loss_of_the_best_guess(bool balance, double weight, double expected)
    {
        var table = folder.Write(
            "classes.csv",
            "a,x,y\n"
                + string.Concat(
                    Enumerable
                        .Range(0, 1000)
                        .Select(row =>
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"{row % 7},{(row % 10 == 3 ? "yes" : "no")},{row % 5}\n"
                            )
                        )
                )
        );
        using var training = TabularTraining.Prepare(
            new TabularJob
            {
                Table = table,
                Targets = Tables.Targets("x:binary", "y:regression"),
                Options = new TableOptions { Balance = balance, ClassWeights = weight > 0 ? [$"x:yes={weight}"] : [] },
                Run = new RunSpecification { Encoder = "mlp:widths=4" },
            }
        );

        Assert.Equal(expected, training.GuessingLosses()[0], 0.01);
    }

    private ParetoFront Train(string name, (double A, double X, double Y)[] rows, out TabularSplit split)
    {
        var table = folder.Write(
            $"{name}.csv",
            "a,x,y\n"
                + string.Concat(
                    rows.Select(row =>
                        string.Create(CultureInfo.InvariantCulture, $"{row.A:0.000},{row.X:0.000},{row.Y:0.000}\n")
                    )
                )
        );
        var job = new TabularJob
        {
            Table = table,
            Targets = Tables.Targets("x:regression", "y:regression"),
            Run = new RunSpecification { Encoder = "mlp:widths=4", Epochs = 2 },
        };
        using (var training = TabularTraining.Prepare(job))
        {
            split = training.Split;
        }

        return ParetoTraining.Run(
            new ParetoJob
            {
                Training = job,
                Method = "ls",
                Points = 2,
            },
            folder.File(name),
            (_, _, work) => work(new Progress<TrainingProgress>()),
            _ => { },
            TestContext.Current.CancellationToken
        );
    }

    private static (double A, double X, double Y)[] Rows()
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble()).Select(a => (a, 5 * a, 3 * (1 - a)))];
    }
}
