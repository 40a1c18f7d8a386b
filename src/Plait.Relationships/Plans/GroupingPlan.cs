using System.Globalization;
using System.Text.Json.Serialization;
using Plait.Catalogue;
using Plait.Jobs;
using Plait.Relationships.Grouping;

namespace Plait.Relationships.Plans;

/// <summary>Finds out which tasks of a data set to train together.</summary>
public sealed partial record GroupingPlan : AnalysisPlan
{
    /// <summary>Trains every set of tasks and chooses the best networks.</summary>
    public const string Exact = "exact";

    /// <summary>The same with a fifth of the epochs.</summary>
    public const string EarlyStopping = "esa";

    /// <summary>Trains single tasks and pairs, and predicts the others.</summary>
    public const string HigherOrder = "hoa";

    private const int MostTasksOfSets = 10;
    private const int EarlyShare = 5; // Standley et al. 2020, section 5.2: a fifth of the training

    /// <summary>What the choice is made by: "exact", "esa", "hoa", a measure of affinity (<see cref="AffinityPlan.MethodNames"/>), or linear models ("go-mtl", "clustered").</summary>
    public required string Method { get; init; }

    /// <summary>What the networks may cost together, each of standard size 1.</summary>
    public required double Budget { get; init; }

    /// <summary>The seeds of a last comparison of the grouping with all tasks together and each alone; none for no comparison.</summary>
    public IReadOnlyList<long> VerificationSeeds { get; init; } = [];

    /// <summary>Every way to choose.</summary>
    public static IReadOnlyList<string> MethodNames =>
        [
            Exact,
            EarlyStopping,
            HigherOrder,
            .. AffinityPlan.MethodNames.Where(name => name != AffinityPlan.Predicted), // plait group --affinity takes those
            .. LinearMethodNames,
        ];

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Effort
    {
        get
        {
            var first = Method switch
            {
                Exact => $"{Seeds.Count * SetCount} trainings, of every set of tasks",
                EarlyStopping =>
                    $"{Seeds.Count * SetCount} trainings, of every set of tasks, a fifth of the epochs each",
                HigherOrder => (Affinity with { Method = AffinityPlan.Pairwise }).Effort,
                _ when IsLinear => "no training of networks: linear models of all tasks show the groups",
                _ => Affinity.Effort,
            };
            return VerificationSeeds.Count == 0
                ? first
                : $"{first}; then, for each of {VerificationSeeds.Count} seeds, all tasks together, each alone, and the groups";
        }
    }

    private long SetCount => (1L << Tasks.Count) - 1;

    private bool IsOfSets => Method is Exact or EarlyStopping;

    private AffinityPlan Affinity =>
        new()
        {
            Data = Data,
            Tasks = Tasks,
            Settings = Settings,
            Seeds = Seeds,
            Method = Method == HigherOrder ? AffinityPlan.Pairwise : Method,
        };

    /// <summary>What a task alone gains over itself alone stands on the diagonal of gains in pairs; likenesses to others say nothing of a task alone.</summary>
    private AffinitySelection Selection =>
        new()
        {
            Alone =
                Affinity.IsOfPairs ? AloneScore.Diagonal
                : Affinity.IsOfTraining ? AloneScore.LastResort
                : AloneScore.Of(0),
        };

    /// <inheritdoc/>
    public override void Check()
    {
        var name = MethodSpecification.Parse(Method).Name;
        if (!MethodNames.Contains(name))
        {
            throw new FormatException(
                $"There is no way to group by '{name}'{NameSuggestion.Hint(name, MethodNames)}; choose from {string.Join(", ", MethodNames)}."
            );
        }

        if (Tasks.Count < 2)
        {
            throw new FormatException($"Tasks are grouped from two on; got {Tasks.Count}.");
        }

        if (IsLinear)
        {
            CheckLinear();
        }
        else if (!IsOfSets)
        {
            Affinity.Check();
        }

        if (!(Budget >= 1 && Budget <= Tasks.Count && Budget == Math.Floor(Budget)))
        {
            throw new FormatException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The budget is how many networks there may be, a whole number from 1 to {Tasks.Count}, the number of tasks; got {Budget}. Take {(Budget >= 1 ? Math.Floor(Math.Min(Budget, Tasks.Count)) : 1)}."
                )
            );
        }

        if (IsOfSets && Tasks.Count > MostTasksOfSets)
        {
            throw new FormatException(
                $"'{Method}' trains every set of tasks, {SetCount} of {Tasks.Count} tasks; above {MostTasksOfSets} tasks use hoa ({Tasks.Count * (Tasks.Count + 1) / 2} trainings) or tag (1)."
            );
        }
    }

    /// <inheritdoc/>
    public override string Answer(IReadOnlyList<FinishedJob> finished) => Conclude(finished).ToJson();

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedJob> Next(IReadOnlyList<FinishedJob> finished)
    {
        ArgumentNullException.ThrowIfNull(finished);
        var first = FirstStage();
        return finished.Count < first.Count ? first
            : finished.Count == first.Count && VerificationSeeds.Count > 0 ? Verification(Choose(finished))
            : [];
    }

    /// <summary>Says what the trainings came to.</summary>
    /// <param name="finished">All trainings that <see cref="Next"/> asked for.</param>
    public MeasuredGrouping Conclude(IReadOnlyList<FinishedJob> finished)
    {
        ArgumentNullException.ThrowIfNull(finished);
        var first = finished.Take(FirstStage().Count).ToArray();
        var linear = IsLinear ? LearnLinear() : null;
        var grouping = linear?.Grouping ?? Choose(first);
        var affinity =
            linear is not null ? linear.Similarity
            : IsOfSets ? null
            : Affinity.Conclude(first);
        return new MeasuredGrouping
        {
            Data = Data.Name,
            Method = Method,
            Budget = Budget,
            Tasks = Tasks,
            Networks = [.. grouping.Groups.Select(group => group.Tasks)],
            Serving = grouping.Serving,
            Cost = grouping.Cost,
            Total = grouping.Total,
            TotalTogether =
                linear is not null ? linear.LossesTogether.Zip(linear.LossesAlone, (loss, alone) => loss / alone).Sum()
                : affinity is null || HasTable ? GainsTogether(Table(first)).Values.Sum(gain => 1 - gain)
                : Selection.Rate(affinity, new int[Tasks.Count]).Total,
            Optimal = grouping.Optimal,
            Bound = double.IsFinite(grouping.Bound) ? grouping.Bound : null,
            Trainings = finished.Count,
            Seconds = finished.Sum(job => job.Result.Seconds),
            ExpectedGain = HasTable ? Gains(grouping, Table(first)) : null,
            ExpectedGainTogether = HasTable ? GainsTogether(Table(first)) : null,
            Linear = linear is null ? null : MeasuredLinearModels.Of(linear),
            Affinity = affinity is null ? null : new WrittenAffinity(affinity.Tasks, affinity.Values.ToArray()),
            Verification =
                VerificationSeeds.Count == 0
                    ? null
                    : GroupingVerification.Of(LoadTasks(), grouping, [.. finished.Skip(first.Length)]),
        };
    }

    private bool HasTable => IsOfSets || Method == HigherOrder;

    private IReadOnlyList<PlannedJob> FirstStage() =>
        IsLinear ? []
        : IsOfSets ? [.. Seeds.SelectMany(AllSets)]
        : [.. Seeds.SelectMany(seed => (Affinity with { Seeds = [seed] }).Next([]))];

    private IEnumerable<PlannedJob> AllSets(long seed)
    {
        for (var set = 1; set <= SetCount; set++)
        {
            var tasks = Tasks.Where((_, task) => ((set >> task) & 1) != 0).ToArray();
            var planned = Training(tasks.Length == 1 ? Names.Alone : Names.Sets, tasks, seed);
            yield return Method == Exact
                ? planned
                : planned with
                {
                    Job = planned.Job with
                    {
                        Run = planned.Job.Run with
                        {
                            Epochs = Math.Max(1, planned.Job.Run.Epochs / EarlyShare),
                            Patience = null,
                        },
                    },
                };
        }
    }

    private TaskGrouping Choose(IReadOnlyList<FinishedJob> finished)
    {
        if (IsLinear)
        {
            return LearnLinear().Grouping;
        }

        if (HasTable)
        {
            return new NetworkSelection().Select(Table(finished), Budget);
        }

        var affinity = Affinity.Conclude(finished);
        var groups = (int)Math.Min(Math.Floor(Budget), Tasks.Count);
        return Affinity.IsOfTraining
            ? Selection.Select(affinity, groups)
            : Selection.Rate(affinity, Dendrogram.Of(affinity.Symmetrized()).Cut(groups));
    }

    /// <summary>Validation losses relative to those of each task alone, so that tasks of different units can be added up.</summary>
    private PerformanceTable Table(IReadOnlyList<FinishedJob> finished)
    {
        var alone = finished
            .Where(job => job.Planned.Name == Names.Alone)
            .ToDictionary(
                job => (job.Planned.Job.Run.Seed, job.Planned.Job.Tasks![0]),
                job => job.Result.ValidationLosses.Values.Single()
            );
        var candidates = finished
            .GroupBy(job => string.Join('\n', job.Planned.Job.Tasks!))
            .Select(same =>
            {
                var tasks = same.First().Planned.Job.Tasks!;
                return new CandidateNetwork(
                    tasks,
                    [
                        .. tasks.Select(task =>
                            same.Average(job =>
                                job.Result.ValidationLosses[task] / alone[(job.Planned.Job.Run.Seed, task)]
                            )
                        ),
                    ]
                );
            });
        var table = new PerformanceTable(Tasks, [.. candidates]);
        return Method == HigherOrder ? HigherOrderApproximation.Predict(table) : table;
    }

    private static Dictionary<string, double> Gains(TaskGrouping grouping, PerformanceTable table) =>
        grouping.Serving.ToDictionary(
            pair => pair.Key,
            pair => 1 - LossIn(table, grouping.Groups[pair.Value].Tasks, pair.Key)
        );

    private Dictionary<string, double> GainsTogether(PerformanceTable table) =>
        Tasks.ToDictionary(task => task, task => 1 - LossIn(table, Tasks, task));

    private static double LossIn(PerformanceTable table, IReadOnlyList<string> tasks, string task)
    {
        var network = table.Networks.TakeWhile(one => !one.Tasks.ToHashSet().SetEquals(tasks)).Count();
        return table[network, table.Tasks.TakeWhile(name => name != task).Count()];
    }

    private IReadOnlyList<PlannedJob> Verification(TaskGrouping grouping) =>
        [
            .. VerificationSeeds.SelectMany(seed =>
                Alone(seed)
                    .Append(Training(Names.Together, null, seed))
                    .Concat(grouping.Groups.Select(group => Training(Names.Grouped, group.Tasks, seed)))
            ),
        ];
}
