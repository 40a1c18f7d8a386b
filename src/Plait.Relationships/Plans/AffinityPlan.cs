using System.Text.Json.Serialization;
using Plait.Catalogue;
using Plait.Jobs;
using Plait.Optimization;
using Plait.Relationships.Embedding;
using Plait.Relationships.Grouping;
using Plait.Relationships.Grouping.Prediction;
using Plait.Relationships.Transfer;

namespace Plait.Relationships.Plans;

/// <summary>Measures how much the tasks of a data set have to do with one another.</summary>
public sealed record AffinityPlan : AnalysisPlan
{
    /// <summary>The affinity that is the gain of each task from being trained with one other.</summary>
    public const string Pairwise = "pairwise";

    /// <summary>The affinity that is how likely a task gains from one other, told from each task alone.</summary>
    public const string Predicted = "predicted";

    /// <summary>The measure: "tag", "rsa", "task2vec"..., as <see cref="MethodCatalog"/> reads it, "pairwise" or "predicted".</summary>
    public required string Method { get; init; }

    /// <summary>What "predicted" tells gains by; null for the others.</summary>
    public GainPredictor? Predictor { get; init; }

    /// <summary>Whether "pairwise" also learns a predictor of gains.</summary>
    public bool LearnsPredictor { get; init; }

    /// <summary>The full path of the file that the learned predictor goes to; null for none.</summary>
    public string? PredictorFile { get; init; }

    /// <summary>Every measure's name.</summary>
    public static IReadOnlyList<string> MethodNames =>
        [.. NamesOf<AffinityCallback>(), .. NamesOf<NetworkSimilarity>(), .. NamesOf<Task2Vec>(), Pairwise, Predicted];

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Effort =>
        Kind switch
        {
            AffinityKind.Callback or AffinityKind.Embedding => Seeds.Count == 1
                ? "1 training of all tasks together"
                : $"{Seeds.Count} trainings of all tasks together",
            AffinityKind.Similarity or AffinityKind.Predicted =>
                $"{Seeds.Count * Tasks.Count} trainings of one task each",
            _ => $"{Seeds.Count * Tasks.Count * (Tasks.Count + 1) / 2} trainings: each task alone, and each pair",
        };

    /// <summary>Whether the measure is what training together does to tasks, rather than how alike they are.</summary>
    [JsonIgnore]
    public bool IsOfTraining => Kind is AffinityKind.Callback or AffinityKind.Pairwise;

    /// <summary>Whether the measure is by how much a task gains in a network of two, so that its diagonal is what a task gains alone: 0.</summary>
    [JsonIgnore]
    public bool IsOfPairs => Kind is AffinityKind.Pairwise;

    private string Name => MethodSpecification.Parse(Method).Name;

    private AffinityKind Kind =>
        Name switch
        {
            Pairwise => AffinityKind.Pairwise,
            Predicted => AffinityKind.Predicted,
            _ when NamesOf<AffinityCallback>().Contains(Name) => AffinityKind.Callback,
            _ when NamesOf<NetworkSimilarity>().Contains(Name) => AffinityKind.Similarity,
            _ when NamesOf<Task2Vec>().Contains(Name) => AffinityKind.Embedding,
            _ => throw new FormatException(
                $"There is no measure of affinity '{Name}'{NameSuggestion.Hint(Name, MethodNames)}; choose from {string.Join(", ", MethodNames)}."
            ),
        };

    /// <inheritdoc/>
    public override void Check()
    {
        if (Tasks.Count < 2)
        {
            throw new FormatException($"Affinities are between two tasks or more; got {Tasks.Count}.");
        }

        switch (Kind)
        {
            case AffinityKind.Callback:
                MethodCatalog.Create<TrainingCallback>(Method);
                break;
            case AffinityKind.Similarity:
                MethodCatalog.Create<NetworkSimilarity>(Method);
                break;
            case AffinityKind.Embedding:
                MethodCatalog.Create<Task2Vec>(Method);
                Task2Vec.Require(LoadTasks());
                break;
            default:
                if (Method != Name)
                {
                    throw new FormatException($"'{Name}' has no options; write {Name}.");
                }

                break;
        }

        if ((Predictor is not null) != (Kind == AffinityKind.Predicted))
        {
            throw new FormatException(
                $"'{Predicted}' tells gains by a predictor, and no other measure does; learn one with --method {Pairwise} --predictor FILE."
            );
        }

        if (Predictor is { } predictor && !GainLearning.FeatureNames.SetEquals(predictor.Features))
        {
            throw new FormatException(
                $"The predictor learned from other features ({string.Join(", ", predictor.Features.Take(3))}...) than those of labels and loss curves; learn one with --method {Pairwise} --predictor FILE."
            );
        }

        if (LearnsPredictor && Kind != AffinityKind.Pairwise)
        {
            throw new FormatException($"A predictor learns from pairs that are trained: --method {Pairwise}.");
        }

        if (NeedsCurves && Settings.Epochs < GainLearning.LeastEpochs)
        {
            throw new FormatException(
                $"A predictor of gains looks at the loss curves of {GainLearning.LeastEpochs} epochs or more; got {Settings.Epochs}."
            );
        }
    }

    /// <inheritdoc/>
    public override string Answer(IReadOnlyList<FinishedJob> finished)
    {
        var affinity = Conclude(finished);
        return new MeasuredAffinity
        {
            Data = Data.Name,
            Method = Method,
            Tasks = affinity.Tasks,
            Values = affinity.Values.ToArray(),
            Trainings = finished.Count,
            Seconds = finished.Sum(job => job.Result.Seconds),
            Predictor = LearnsPredictor ? MeasuredPredictor.Of([.. BySeed(finished).SelectMany(Examples)]) : null,
        }.ToJson();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedJob> Next(IReadOnlyList<FinishedJob> finished)
    {
        ArgumentNullException.ThrowIfNull(finished);
        return finished.Count > 0 ? [] : [.. Seeds.SelectMany(JobsOf)];
    }

    /// <summary>The mean of what the seeds found.</summary>
    /// <param name="finished">The trainings of <see cref="Next"/>.</param>
    public AffinityMatrix Conclude(IReadOnlyList<FinishedJob> finished)
    {
        ArgumentNullException.ThrowIfNull(finished);
        var sum = new double[Tasks.Count * Tasks.Count];
        foreach (var ofSeed in BySeed(finished))
        {
            var matrix = MatrixOf(ofSeed);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += matrix[i] / Seeds.Count;
            }
        }

        return new AffinityMatrix(Tasks, sum);
    }

    private static IEnumerable<string> NamesOf<T>() =>
        MethodCatalog.All.Where(entry => entry.Type.IsAssignableTo(typeof(T))).Select(entry => entry.Name);

    private static IEnumerable<FinishedJob[]> BySeed(IReadOnlyList<FinishedJob> finished) =>
        finished.GroupBy(job => job.Planned.Job.Run.Seed).Select(ofSeed => ofSeed.ToArray());

    private IEnumerable<GainExample> Examples(IReadOnlyList<FinishedJob> ofSeed) =>
        GainLearning.Examples(GainLearning.FeaturesOf(Tasks, ofSeed), Gains(ofSeed));

    /// <summary>Whether loss curves are compared, which then have to be as long for every task.</summary>
    private bool NeedsCurves => LearnsPredictor || Kind == AffinityKind.Predicted;

    private IEnumerable<PlannedJob> JobsOf(long seed) => NeedsCurves ? Plan(seed).Select(Unstopped) : Plan(seed);

    private IEnumerable<PlannedJob> Plan(long seed) =>
        Kind switch
        {
            AffinityKind.Predicted => Alone(seed),
            AffinityKind.Callback => [Observed(Training(Names.Together, null, seed))],
            AffinityKind.Embedding => [Keeping(Training(Names.Together, null, seed))],
            AffinityKind.Similarity => Alone(seed).Select(Keeping),
            _ => Alone(seed)
                .Concat(
                    from first in Enumerable.Range(0, Tasks.Count)
                    from second in Enumerable.Range(first + 1, Tasks.Count - first - 1)
                    select Training(Names.Pairs, [Tasks[first], Tasks[second]], seed)
                ),
        };

    private PlannedJob Observed(PlannedJob planned) =>
        planned with
        {
            Job = planned.Job with { Run = planned.Job.Run with { Callbacks = [Method] } },
        };

    private static PlannedJob Unstopped(PlannedJob planned) =>
        planned with
        {
            Job = planned.Job with { Run = planned.Job.Run with { Patience = null } },
        };

    private static PlannedJob Keeping(PlannedJob planned) =>
        planned with
        {
            Job = planned.Job with { KeepsNetwork = true },
        };

    private double[] MatrixOf(IReadOnlyList<FinishedJob> jobs)
    {
        if (Kind == AffinityKind.Callback)
        {
            return jobs[0].Result.Affinities[Method];
        }

        if (Kind == AffinityKind.Pairwise)
        {
            return Gains(jobs);
        }

        if (Kind == AffinityKind.Predicted)
        {
            return Predictor!.Affinity(GainLearning.FeaturesOf(Tasks, jobs)).Values.ToArray();
        }

        using var parts = Data.Load(jobs[0].Planned.Job.Run.Seed);
        var data =
            parts as DataParts
            ?? throw new NotSupportedException(
                $"'{Method}' looks at all rows of '{Data.Name}' at once, and they do not fit in memory."
            );
        return (Kind == AffinityKind.Embedding ? Embedded(jobs[0], data) : Compared(jobs, data)).Values.ToArray();
    }

    private AffinityMatrix Compared(IReadOnlyList<FinishedJob> jobs, DataParts data)
    {
        using var scope = torch.NewDisposeScope();
        var kept = jobs.Select(job => SavedNetwork.Load(job.Folder, data)).ToArray();
        try
        {
            var method = MethodCatalog.Create<NetworkSimilarity>(Method);
            return method.Of([.. kept.SelectMany(one => ProbedNetwork.Of(one.Network))], data.Validation.Input);
        }
        finally
        {
            foreach (var one in kept)
            {
                one.Dispose();
            }
        }
    }

    private AffinityMatrix Embedded(FinishedJob job, DataParts data)
    {
        using var probe = SavedNetwork.Load(job.Folder, data);
        using var tasks = data.Train.SelectTasks(Tasks);
        return Task2VecDistances.Affinity(MethodCatalog.Create<Task2Vec>(Method).Embed(probe.Network, tasks));
    }

    /// <summary>1 - the loss of a pair's network over that of the task's own.</summary>
    private double[] Gains(IReadOnlyList<FinishedJob> jobs)
    {
        var alone = jobs.Where(job => job.Planned.Name == Names.Alone)
            .ToDictionary(job => job.Planned.Job.Tasks![0], job => job.Result.ValidationLosses.Values.Single());
        var gains = new double[Tasks.Count * Tasks.Count];
        foreach (var pair in jobs.Where(job => job.Planned.Name == Names.Pairs))
        {
            var (first, second) = (pair.Planned.Job.Tasks![0], pair.Planned.Job.Tasks[1]);
            gains[(Place(first) * Tasks.Count) + Place(second)] = Gain(first);
            gains[(Place(second) * Tasks.Count) + Place(first)] = Gain(second);

            double Gain(string task) => 1 - (pair.Result.ValidationLosses[task] / alone[task]);
        }

        return gains;
    }

    private int Place(string task) => Tasks.TakeWhile(name => name != task).Count();

    private enum AffinityKind
    {
        Callback,
        Similarity,
        Embedding,
        Pairwise,
        Predicted,
    }
}
