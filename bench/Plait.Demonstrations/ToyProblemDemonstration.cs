using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.MultiObjective;
using Plait.Tasks;
using Plait.Tasks.Answers;
using TorchSharp.Modules;

namespace Plait.Demonstrations;

/// <summary>The two losses of two numbers on which papers of multi-objective optimization draw their descents.</summary>
/// <remarks>
/// Liu et al. 2021 (CAGrad), appendix; here as Navon et al. 2022 (Nash-MTL), figure 1, have it: the first loss a tenth
/// as large, their five starts, 35,000 steps of Adam at 0.001. Nothing in it is left to chance: all seeds give the same.
/// </remarks>
internal sealed class ToyProblemDemonstration : Demonstration, IDrawn
{
    private const double Near = 0.01; // of each loss's range on the front
    private const int Snapshots = 100;

    private static readonly double[,] Starts =
    {
        { -8.5, 7.5 },
        { 0, 0 },
        { 9, 9 },
        { -7.5, -0.5 },
        { 9, -1 },
    };

    private static readonly TaskSet Tasks = new(LearningTask.Regression("first"), LearningTask.Regression("second"));

    private static readonly (string Name, Func<GradientAggregator> Create)[] Methods =
    [
        ("sum", () => new Sum()),
        ("mgda", () => new Mgda()),
        ("pcgrad", () => new PCGrad()),
        ("cagrad", () => new CAGrad()),
        ("imtl-g", () => new ImtlG()),
        ("nash-mtl", () => new NashMtl()),
    ];

    private IReadOnlyList<ToyPath>? paths;

    /// <inheritdoc/>
    public override string Name => "toy-problem";

    /// <inheritdoc/>
    public override string Claim =>
        "From every start Nash-MTL reaches a balanced point of the Pareto front; the sum and others get stuck or serve the larger loss.";

    /// <summary>How many steps are taken.</summary>
    public int Steps { get; init; } = 35_000;

    /// <summary>The learning rate of Adam.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <inheritdoc/>
    public string Picture => ToyPicture.Draw(Paths, ToyLosses.Front);

    /// <summary>The descents of every method, one from each start.</summary>
    internal IReadOnlyList<ToyPath> Paths => paths ??= Descend();

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed) =>
        [
            .. Paths
                .GroupBy(path => path.Method)
                .SelectMany(method =>
                {
                    double[] gaps = [.. method.Select(path => ToyLosses.Gap(path.Losses[^1]))];
                    double[] shares =
                    [
                        .. method
                            .Where(path => ToyLosses.Gap(path.Losses[^1]) < Near)
                            .Select(path => ToyLosses.ShareOfFirst(path.Losses[^1])),
                    ];
                    return new Observation[]
                    {
                        new(method.Key, "starts that reach the front", shares.Length),
                        new(method.Key, "largest distance from the front", gaps.Max()),
                        new(
                            method.Key,
                            "least share of the first loss's gain",
                            shares.DefaultIfEmpty(double.NaN).Min()
                        ),
                        new(
                            method.Key,
                            "largest share of the first loss's gain",
                            shares.DefaultIfEmpty(double.NaN).Max()
                        ),
                    };
                }),
        ];

    private List<ToyPath> Descend()
    {
        var starts = Starts.GetLength(0);
        GradientAggregator[] aggregators =
        [
            .. Methods.SelectMany(method => Enumerable.Range(0, starts).Select(_ => method.Create())),
        ];
        Array.ForEach(aggregators, aggregator => aggregator.Begin(Tasks));
        List<(double, double)>[] losses = [.. aggregators.Select(_ => new List<(double, double)>())];
        using var points = new Parameter(torch.tensor(Starts).repeat(Methods.Length, 1)); // [methods x starts, 2]
        using var optimizer = torch.optim.Adam([points], LearningRate);
        for (var step = 0; step <= Steps; step++)
        {
            using var scope = torch.NewDisposeScope();
            var (rows, values) = ToyLosses.Gradients(points);
            if (step % Math.Max(1, Steps / Snapshots) == 0)
            {
                double[] numbers = [.. values.data<double>()];
                for (var path = 0; path < losses.Length; path++)
                {
                    losses[path].Add((numbers[2 * path], numbers[(2 * path) + 1]));
                }
            }

            points.grad = torch.stack(
                aggregators.Select(
                    (aggregator, path) =>
                        aggregator.Aggregate(
                            TaskGradients.OfRows(Tasks, rows.select(0, path)),
                            new StepContext { Tasks = Tasks, Step = step }
                        )
                )
            );
            optimizer.step();
        }

        return [.. losses.Select((path, place) => new ToyPath(Methods[place / starts].Name, path))];
    }
}

/// <summary>One descent.</summary>
/// <param name="Method">The aggregator.</param>
/// <param name="Losses">Both losses from time to time; the last is where it ended.</param>
internal sealed record ToyPath(string Method, IReadOnlyList<(double First, double Second)> Losses);
