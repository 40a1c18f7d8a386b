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
    /// <exception cref="ArgumentException">The seed is there already, or the metrics are of other tasks.</exception>
    public void Add(ComparedRecipe recipe, SeedResult result)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(result);
        if (!Names(result.Metrics.Tasks).SequenceEqual(Names(tasks)))
        {
            throw new ArgumentException(
                $"Recipe '{recipe.Name}', seed {result.Seed}: metrics of {string.Join(", ", Names(result.Metrics.Tasks))}; the comparison is of {string.Join(", ", Names(tasks))}.",
                nameof(result)
            );
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
    public ComparisonTable Build() =>
        new(
            benchmark,
            [.. Baseline().Keys],
            [
                .. tasks.Select(task => new ComparedTask(
                    task.Name,
                    task.PrimaryMetric.Name,
                    task.PrimaryMetric.HigherIsBetter
                )),
            ],
            [
                .. recipes
                    .OrderBy(recipe => recipe.Name != baseline)
                    .Zip(MeanRanks(), (recipe, rank) => Row(recipe) with { MeanRank = rank }),
            ]
        );

    /// <summary>The mean over tasks of the primary metric, seed by seed, and over the seeds its mean and interval.</summary>
    /// <param name="recipe">The recipe's name.</param>
    /// <exception cref="KeyNotFoundException">It has no result.</exception>
    /// <exception cref="InvalidOperationException">The baseline has no result, or lacks a seed that the recipe has.</exception>
    public Interval MeanMetric(string recipe) =>
        SeedStatistics.Interval([
            .. results[recipe]
                .Values.Select(result =>
                    Enumerable
                        .Range(0, tasks.Count)
                        .Where(task => Counts(result, task, recipe))
                        .Select(result.Metrics.Primary)
                        .DefaultIfEmpty(double.NaN)
                        .Average()
                ),
        ]);

    private static IEnumerable<string> Names(TaskSet tasks) => tasks.Select(task => task.Name);

    private ComparisonRow Row(ComparedRecipe recipe)
    {
        var seeds = results[recipe.Name].Values;
        var metrics = new OrderedDictionary<string, MetricSummary>(tasks.Count, StringComparer.Ordinal);
        for (var task = 0; task < tasks.Count; task++)
        {
            var counting = seeds.Where(result => Counts(result, task, recipe.Name));
            metrics.Add(
                tasks[task].Name,
                SeedStatistics.Summary([.. counting.Select(result => result.Metrics.Primary(task))])
            );
        }

        return new(
            recipe.Name,
            recipe.Network,
            recipe.Weighting,
            recipe.Aggregator,
            Against(DeltaMConvention.MeanOverTasks),
            metrics,
            seeds.Max(result => result.Parameters),
            seeds.Average(result => result.Seconds)
        )
        {
            Schedule = recipe.Schedule,
            Regularizers = recipe.Regularizers,
            Auxiliaries = recipe.Auxiliaries,
            DeltaMOfPrimaryMetrics = Against(DeltaMConvention.PrimaryMetrics),
            DeltaMOverMetrics = Against(DeltaMConvention.MeanOverMetrics),
            SkippedSteps = seeds.Sum(result => result.SkippedSteps),
        };

        Interval Against(DeltaMConvention convention) =>
            recipe.Name == baseline
                ? default
                : SeedStatistics.Interval([
                    .. seeds.Select(result =>
                        DeltaM.Compute(result.Metrics, BaselineOf(result.Seed, recipe.Name).Metrics, convention)
                    ),
                ]);
    }

    /// <summary>The mean rank of each recipe, the baseline first, over the seeds that all recipes have.</summary>
    private double[] MeanRanks()
    {
        var ordered = recipes
            .OrderBy(recipe => recipe.Name != baseline)
            .Select(recipe => results[recipe.Name])
            .ToArray();
        long[] common = [.. Baseline().Keys.Where(seed => ordered.All(seeds => seeds.ContainsKey(seed)))];
        double[][] ranks =
        [
            .. common.Select(seed => MeanRank.Compute([.. ordered.Select(seeds => seeds[seed].Metrics)])),
        ];
        return
        [
            .. ordered.Select((_, place) => ranks.Select(bySeed => bySeed[place]).DefaultIfEmpty(double.NaN).Average()),
        ];
    }

    /// <summary>Whether a task's metric counts: either side has it, so the test rows define it. Who then has none has diverged, and is not spared.</summary>
    private bool Counts(SeedResult result, int task, string recipe) =>
        double.IsFinite(result.Metrics.Primary(task))
        || double.IsFinite(BaselineOf(result.Seed, recipe).Metrics.Primary(task));

    private SortedDictionary<long, SeedResult> Baseline() =>
        results.TryGetValue(baseline, out var seeds)
            ? seeds
            : throw new InvalidOperationException(
                $"There is no result of the baseline '{baseline}'; the recipes are {string.Join(", ", results.Keys)}."
            );

    private SeedResult BaselineOf(long seed, string recipe) =>
        Baseline().TryGetValue(seed, out var result)
            ? result
            : throw new InvalidOperationException(
                $"Recipe '{recipe}' has a result of seed {seed}, and the baseline '{baseline}' has none."
            );
}
