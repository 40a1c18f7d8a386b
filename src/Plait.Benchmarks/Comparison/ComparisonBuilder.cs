using Plait.Tasks;

namespace Plait.Benchmarks.Comparison;

/// <summary>Gathers what recipes reached seed by seed, and makes the table of them against a baseline.</summary>
/// <remarks>
/// Δm is paired: each seed is compared with the baseline of the same seed (the same split, the same start of the
/// random numbers), and the interval is over these differences. It is therefore narrower than the spread of either side.
/// </remarks>
public sealed class ComparisonBuilder
{
    private readonly string benchmark;
    private readonly TaskSet tasks;
    private readonly string baseline;
    private readonly List<ComparedRecipe> recipes = [];
    private readonly Dictionary<string, SortedDictionary<long, SeedResult>> results = new(StringComparer.Ordinal);

    /// <summary>Starts an empty comparison.</summary>
    /// <param name="benchmark">The benchmark's name.</param>
    /// <param name="tasks">Its tasks.</param>
    /// <param name="baseline">The name of the recipe that all are compared with.</param>
    public ComparisonBuilder(string benchmark, TaskSet tasks, string baseline)
    {
        ArgumentException.ThrowIfNullOrEmpty(benchmark);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentException.ThrowIfNullOrEmpty(baseline);
        this.benchmark = benchmark;
        this.tasks = tasks;
        this.baseline = baseline;
    }

    /// <summary>Adds what one recipe reached with one seed. Rows keep the order in which recipes first come.</summary>
    /// <exception cref="ArgumentException">The seed is there already, or a task or one of its metrics is missing.</exception>
    public void Add(ComparedRecipe recipe, SeedResult result)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(result);
        foreach (var task in tasks)
        {
            if (!result.Metrics.TryGetValue(task.Name, out var values))
            {
                throw new ArgumentException(
                    $"Recipe '{recipe.Name}', seed {result.Seed}: no metrics of task '{task.Name}'; give NaN where one is not defined.",
                    nameof(result)
                );
            }

            if (task.Metrics.FirstOrDefault(metric => !values.ContainsKey(metric.Name)) is { } missing)
            {
                throw new ArgumentException(
                    $"Recipe '{recipe.Name}', seed {result.Seed}, task '{task.Name}': metric '{missing.Name}' is missing; give NaN where it is not defined.",
                    nameof(result)
                );
            }
        }

        if (!results.TryGetValue(recipe.Name, out var seeds))
        {
            results.Add(recipe.Name, seeds = []);
            recipes.Add(recipe);
        }

        if (!seeds.TryAdd(result.Seed, result))
        {
            throw new ArgumentException(
                $"Recipe '{recipe.Name}' has a result of seed {result.Seed} already.",
                nameof(result)
            );
        }
    }

    /// <summary>The table. A recipe that lacks a seed is judged by those it has.</summary>
    /// <exception cref="InvalidOperationException">The baseline has no result, or lacks a seed that another recipe has.</exception>
    public ComparisonTable Build()
    {
        if (!results.TryGetValue(baseline, out var baselineSeeds))
        {
            throw new InvalidOperationException(
                $"There is no result of the baseline '{baseline}'; the recipes are {string.Join(", ", results.Keys)}."
            );
        }

        return new(
            benchmark,
            [.. baselineSeeds.Keys],
            [
                .. tasks.Select(task => new ComparedTask(
                    task.Name,
                    task.PrimaryMetric.Name,
                    task.PrimaryMetric.HigherIsBetter
                )),
            ],
            [.. recipes.OrderBy(recipe => recipe.Name != baseline).Select(recipe => Row(recipe, baselineSeeds))]
        );
    }

    /// <summary>The mean over tasks of the primary metric, seed by seed, and over the seeds its mean and interval.</summary>
    /// <param name="recipe">The recipe's name.</param>
    /// <exception cref="KeyNotFoundException">It has no result.</exception>
    public Interval MeanMetric(string recipe) =>
        SeedStatistics.Interval(
            results[recipe]
                .Values.Select(result =>
                    tasks
                        .Select(task => Primary(result, task))
                        .Where(double.IsFinite)
                        .DefaultIfEmpty(double.NaN)
                        .Average()
                )
        );

    private static double Primary(SeedResult result, LearningTask task) =>
        result.Metrics[task.Name][task.PrimaryMetric.Name];

    private ComparisonRow Row(ComparedRecipe recipe, SortedDictionary<long, SeedResult> baselineSeeds)
    {
        var seeds = results[recipe.Name];
        var deltas = seeds.Values.Select(result =>
            baselineSeeds.TryGetValue(result.Seed, out var reference)
                ? DeltaM(result.Metrics, reference.Metrics)
                : throw new InvalidOperationException(
                    $"Recipe '{recipe.Name}' has a result of seed {result.Seed}, and the baseline '{baseline}' has none."
                )
        );
        var metrics = new Dictionary<string, MetricSummary>(StringComparer.Ordinal); // It keeps the order of insertion.
        foreach (var task in tasks)
        {
            metrics.Add(task.Name, SeedStatistics.Summary(seeds.Values.Select(result => Primary(result, task))));
        }

        return new(
            recipe.Name,
            recipe.Network,
            recipe.Weighting,
            recipe.Aggregator,
            recipe.Name == baseline ? default : SeedStatistics.Interval(deltas),
            metrics,
            seeds.Values.Max(result => result.Parameters),
            seeds.Values.Average(result => result.Seconds)
        );
    }

    private double DeltaM(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> values,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> reference
    ) =>
        100
        * tasks
            .Select(task =>
                task.Metrics.Select(metric =>
                        (metric.HigherIsBetter ? 1 : -1)
                        * (values[task.Name][metric.Name] - reference[task.Name][metric.Name])
                        / reference[task.Name][metric.Name]
                    )
                    .Where(double.IsFinite)
                    .DefaultIfEmpty(double.NaN)
                    .Average()
            )
            .Where(double.IsFinite)
            .DefaultIfEmpty(double.NaN)
            .Average();
}
