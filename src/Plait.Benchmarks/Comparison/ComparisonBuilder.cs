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
    private readonly Dictionary<string, SortedDictionary<long, string>> failures = new(StringComparer.Ordinal);

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

        Register(recipe);
        if (!results[recipe.Name].TryAdd(result.Seed, result))
        {
            throw new ArgumentException(
                $"Recipe '{recipe.Name}' has a result of seed {result.Seed} already.",
                nameof(result)
            );
        }
    }

    /// <summary>Adds that a training of one recipe failed; it costs the recipe this seed, and where it is the baseline the others their Δm of it.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="reason">Why, in one line.</param>
    public void AddFailure(ComparedRecipe recipe, long seed, string reason)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentException.ThrowIfNullOrEmpty(reason);
        Register(recipe);
        failures[recipe.Name][seed] = reason;
    }

    /// <summary>The table. A recipe that lacks a seed is judged by those it has.</summary>
    /// <exception cref="InvalidOperationException">The baseline has no result, or lacks a seed that another recipe has, and did not fail.</exception>
    public ComparisonTable Build() =>
        new(
            benchmark,
            [.. Baseline().Keys.Concat(failures.Values.SelectMany(seeds => seeds.Keys)).Distinct().Order()],
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

    private void Register(ComparedRecipe recipe)
    {
        if (results.TryAdd(recipe.Name, []))
        {
            failures.Add(recipe.Name, []);
            recipes.Add(recipe);
        }
    }

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
            seeds.Select(result => result.Parameters).DefaultIfEmpty(0).Max(),
            seeds.Select(result => result.Seconds).DefaultIfEmpty(double.NaN).Average()
        )
        {
            Schedule = recipe.Schedule,
            Regularizers = recipe.Regularizers,
            Auxiliaries = recipe.Auxiliaries,
            DeltaMOfPrimaryMetrics = Against(DeltaMConvention.PrimaryMetrics),
            DeltaMOverMetrics = Against(DeltaMConvention.MeanOverMetrics),
            SkippedSteps = seeds.Sum(result => result.SkippedSteps),
            Failure = FailureOf(recipe.Name),
        };

        Interval Against(DeltaMConvention convention) =>
            recipe.Name == baseline
                ? default
                : SeedStatistics.Interval([
                    .. from result in seeds
                    let against = BaselineOf(result.Seed, recipe.Name)
                    where against is not null
                    select DeltaM.Compute(result.Metrics, against.Metrics, convention),
                ]);
    }

    private string? FailureOf(string recipe)
    {
        var failed = failures[recipe];
        return failed.Count == 0 ? null
            : results[recipe].Count == 0 ? failed.Values.First()
            : $"{(failed.Count == 1 ? "seed" : "seeds")} {string.Join(", ", failed.Keys)}: {failed.Values.First()}";
    }

    /// <summary>The mean rank of each recipe, the baseline first, over the seeds that all recipes have; NaN for one without any.</summary>
    private double[] MeanRanks()
    {
        var ordered = recipes
            .OrderBy(recipe => recipe.Name != baseline)
            .Select(recipe => results[recipe.Name])
            .ToArray();
        var ranked = ordered.Where(seeds => seeds.Count > 0).ToList();
        long[] common =
        [
            .. ranked
                .SelectMany(seeds => seeds.Keys)
                .Distinct()
                .Where(seed => ranked.TrueForAll(seeds => seeds.ContainsKey(seed))),
        ];
        double[][] ranks =
        [
            .. common.Select(seed => MeanRank.Compute([.. ranked.Select(seeds => seeds[seed].Metrics)])),
        ];
        return
        [
            .. ordered.Select(seeds =>
                ranks
                    .Where(_ => seeds.Count > 0)
                    .Select(bySeed => bySeed[ranked.IndexOf(seeds)])
                    .DefaultIfEmpty(double.NaN)
                    .Average()
            ),
        ];
    }

    /// <summary>Whether a task's metric counts: either side has it, so the test rows define it. Who then has none has diverged, and is not spared.</summary>
    private bool Counts(SeedResult result, int task, string recipe) =>
        double.IsFinite(result.Metrics.Primary(task))
        || BaselineOf(result.Seed, recipe) is not { } against
        || double.IsFinite(against.Metrics.Primary(task));

    private SortedDictionary<long, SeedResult> Baseline() =>
        results.TryGetValue(baseline, out var seeds)
            ? seeds
            : throw new InvalidOperationException(
                $"There is no result of the baseline '{baseline}'; the recipes are {string.Join(", ", results.Keys)}."
            );

    /// <summary>What the baseline came to with a seed; null where it failed.</summary>
    private SeedResult? BaselineOf(long seed, string recipe) =>
        Baseline().TryGetValue(seed, out var result) ? result
        : failures[baseline].ContainsKey(seed) ? null
        : throw new InvalidOperationException(
            $"Recipe '{recipe}' has a result of seed {seed}, and the baseline '{baseline}' has none."
        );
}
