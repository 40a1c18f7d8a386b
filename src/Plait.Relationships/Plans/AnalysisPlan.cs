using System.Text.Json;
using System.Text.Json.Serialization;
using Plait.Jobs;
using Plait.Jobs.Plans;
using Plait.Jobs.Runs;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Relationships.Plans;

/// <summary>What is to be found out about the tasks of a data set, as data, and the trainings that it takes.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(AffinityPlan), "affinity")]
[JsonDerivedType(typeof(GroupingPlan), "grouping")]
[JsonDerivedType(typeof(TaxonomyPlan), "taxonomy")]
public abstract record AnalysisPlan : IStoredPlan
{
    /// <summary>The data.</summary>
    public required DataSource Data { get; init; }

    /// <summary>The tasks, by name, in the data's order.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>What all trainings have in common; the seed is each one's own.</summary>
    public required RunSpecification Settings { get; init; }

    /// <summary>The seeds: each divides the rows and starts the networks anew; what they find is averaged.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [0];

    /// <summary>The full path of the file that the answer goes to beside the run's own: affinities as CSV, a grouping as JSON; null for none.</summary>
    public string? OutputFile { get; init; }

    RunKind IStoredPlan.Kind => RunKind.Analysis;

    string IStoredPlan.DataName => Data.Name;

    /// <inheritdoc/>
    public abstract IReadOnlyList<PlannedJob> Next(IReadOnlyList<FinishedJob> finished);

    /// <summary>What the trainings came to, as JSON: a <see cref="MeasuredAffinity"/>, <see cref="MeasuredGrouping"/> or <see cref="MeasuredTaxonomy"/>.</summary>
    /// <param name="finished">All trainings that <see cref="Next"/> asked for.</param>
    public abstract string Answer(IReadOnlyList<FinishedJob> finished);

    string IStoredPlan.Conclude(IReadOnlyList<EndedJob> ended, string folder) =>
        Answer([.. ended.Select(job => new FinishedJob(job.Planned, job.Result!, job.Folder))]);

    /// <summary>Refuses what cannot be done, before anything is trained.</summary>
    /// <exception cref="FormatException">A method is not there, or a number or the tasks do not fit it.</exception>
    public abstract void Check();

    /// <summary>How many trainings it takes, as far as can be said before the first.</summary>
    [JsonIgnore]
    public abstract string Effort { get; }

    /// <summary>The plan as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, AnalysisJson.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a plan.</exception>
    public static AnalysisPlan FromJson(string json) => AnalysisJson.Read<AnalysisPlan>(json, "an analysis");

    /// <summary>Plans a training of some tasks by one network that shares all but the heads.</summary>
    /// <param name="name">What people call it.</param>
    /// <param name="tasks">The tasks; null for all.</param>
    /// <param name="seed">Its seed.</param>
    protected PlannedJob Training(string name, IReadOnlyList<string>? tasks, long seed) =>
        new(
            name,
            new TrainingJob
            {
                Data = Data,
                Tasks = tasks ?? Tasks,
                Run = Settings with { Seed = seed },
            }
        );

    /// <summary>The trainings of each task alone.</summary>
    /// <param name="seed">Their seed.</param>
    protected IEnumerable<PlannedJob> Alone(long seed) => Tasks.Select(task => Training(Names.Alone, [task], seed));

    /// <summary>The tasks as the data has them.</summary>
    protected TaskSet LoadTasks()
    {
        using var data = Data.Load(Seeds[0]);
        return new TaskSet(data.Tasks.Where(task => Tasks.Contains(task.Name)));
    }
}

/// <summary>What trainings of analyses are called.</summary>
internal static class Names
{
    public const string Alone = "single-task";
    public const string Together = "all together";
    public const string Pairs = "pairs";
    public const string Sets = "task sets";
    public const string Grouped = "grouping";
    public const string Transfers = "transfers";
    public const string HigherTransfers = "transfers of several sources";
    public const string Scratch = "from scratch";
}

/// <summary>How plans and answers are written.</summary>
internal static class AnalysisJson
{
    public static JsonSerializerOptions Options { get; } = StoredJson.Plan();

    public static T Read<T>(string json, string what) => StoredJson.Read<T>(json, Options, what);
}
