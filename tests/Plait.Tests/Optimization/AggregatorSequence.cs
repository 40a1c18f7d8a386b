using Plait.Catalogue;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tests.Numerics;
using Plait.Torch;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization;

/// <summary>Three tasks' losses and gradients over a few steps, given as numbers, and what aggregators make of them.</summary>
/// <param name="Steps">For each step, each task's loss and gradient.</param>
internal sealed record AggregatorSequence(IReadOnlyList<(double[] Losses, double[][] Rows)> Steps)
{
    public const int Tasks = 3;

    private const int StepsPerEpoch = 3;

    private static readonly TaskSet Set = StepContexts.Regressions(Tasks);

    /// <summary>The type of the gradients.</summary>
    public ScalarType Type { get; init; } = ScalarType.Float64;

    /// <summary>What chance is drawn from.</summary>
    public long Seed { get; init; } = 7;

    /// <summary>Which tasks take part in a step; all where null.</summary>
    public Func<int, TaskSelection>? Present { get; init; }

    /// <summary>Before this step the method is saved, thrown away, made anew and loaded.</summary>
    public int StopAt { get; init; } = -1;

    /// <summary>Every aggregator of the catalogue that needs no network, as it is written for three tasks and gradients by the parameters.</summary>
    public static IEnumerable<string> Methods =>
        MethodCatalog
            .Of(MethodKind.Aggregator)
            .Select(Written)
            .Where(method => Make(method).Location == GradientLocation.Parameters);

    public static AggregatorSequence Of(Family family, int width, int seed, int steps = 3) =>
        new([
            .. Enumerable
                .Range(0, steps)
                .Select(step =>
                    (
                        Enumerable.Range(1, Tasks).Select(task => 2.0 * task / (task + step + (seed % 3))).ToArray(),
                        Gramians.Vectors(family, Tasks, width, (100 * seed) + step)
                    )
                ),
        ]);

    public static GradientAggregator Make(string method) => MethodCatalog.Create<GradientAggregator>(method);

    /// <summary>The tasks in another order: place i has what place <paramref name="order"/>[i] had.</summary>
    public AggregatorSequence Reordered(int[] order) =>
        this with
        {
            Steps =
            [
                .. Steps.Select(step =>
                    (order.Select(task => step.Losses[task]).ToArray(), order.Select(task => step.Rows[task]).ToArray())
                ),
            ],
        };

    /// <summary>Losses and gradients in other units: those of a task times its factor.</summary>
    public AggregatorSequence Scaled(double[] factors) =>
        this with
        {
            Steps =
            [
                .. Steps.Select(step =>
                    (
                        step.Losses.Zip(factors, (loss, factor) => loss * factor).ToArray(),
                        step.Rows.Zip(factors, (row, factor) => row.Select(value => value * factor).ToArray()).ToArray()
                    )
                ),
            ],
        };

    /// <summary>The update of each step.</summary>
    public double[][] Updates(string method) => [.. Run(method).Select(step => step.Update)];

    /// <summary>The update of each step, and the lengths of the terms that it is a sum of, for what rounding leaves of them.</summary>
    public IReadOnlyList<(double[] Update, double Terms)> Run(string method)
    {
        using var scope = torch.NewDisposeScope();
        var aggregator = Begun(method);
        var made = new List<(double[] Update, double Terms)>();
        for (var step = 0; step < Steps.Count; step++)
        {
            if (step == StopAt)
            {
                var state = new StateDictionary();
                aggregator.Save(state);
                aggregator = Begun(method);
                aggregator.Load(state);
            }

            made.Add(Take(aggregator, step));
            if (step % StepsPerEpoch == StepsPerEpoch - 1)
            {
                aggregator.EndEpoch(new EpochOutcome(step / StepsPerEpoch, Steps[step].Losses, null));
            }
        }

        return made;
    }

    private (double[] Update, double Terms) Take(GradientAggregator aggregator, int step)
    {
        var tasks = Present?.Invoke(step) ?? Set.All;
        var (losses, rows) = Steps[step];
        double[][] present = [.. tasks.Indices.ToArray().Select(task => rows[task])];
        using var gradients = TaskGradients.OfRows(
            tasks,
            Matrix(present),
            new TaskLosses(tasks, tasks.Indices.ToArray().Select(task => torch.tensor(losses[task], Type))),
            _ => Matrix(present)
        );
        var context = StepContexts.At(step, step / StepsPerEpoch, Seed, Tasks) with
        {
            Tasks = Set,
            StepInEpoch = step % StepsPerEpoch,
            StepsPerEpoch = StepsPerEpoch,
            Epochs = 10,
        };
        var update = aggregator.Aggregate(gradients, context);
        Assert.Equal(Type, update.dtype);
        var numbers = Numbers.Read(update);
        var factors = gradients.Factors.ToArray();
        var terms =
            factors.Length == present.Length
                ? factors.Zip(present, (factor, row) => Math.Abs(factor) * Gramians.Norm(row)).Sum()
                : 0;
        return (numbers, Math.Max(terms, Gramians.Norm(numbers)));
    }

    /// <summary>Some of the tasks.</summary>
    public static TaskSelection Of(params int[] tasks) => Set.Select(tasks);

    private Tensor Matrix(double[][] rows) =>
        torch.tensor(rows.SelectMany(row => row).ToArray()).view(rows.Length, -1).to(Type).DetachFromDisposeScope();

    private static GradientAggregator Begun(string method)
    {
        var aggregator = Make(method);
        aggregator.Begin(Set);
        return aggregator;
    }

    private static string Written(MethodEntry entry) =>
        entry.Options.Any(option => option.StartsWith("at=", StringComparison.Ordinal))
            ? $"{entry.Example}{(entry.Example == entry.Name ? ':' : ',')}at=parameters"
            : entry.Example;
}
