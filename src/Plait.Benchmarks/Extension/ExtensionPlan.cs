using System.Text.Json;
using System.Text.Json.Serialization;
using Plait.Benchmarks.Comparison;
using Plait.Jobs;
using Plait.Jobs.Plans;
using Plait.Jobs.Runs;
using Plait.Tasks;

namespace Plait.Benchmarks.Extension;

/// <summary>What further tasks trained networks are to learn, as data: one training for each network, which differ in their seeds alone.</summary>
public sealed record ExtensionPlan : IStoredPlan
{
    private static readonly JsonSerializerOptions Json = StoredJson.Plan();

    /// <summary>The id of the run that kept the networks.</summary>
    public required string From { get; init; }

    /// <summary>The recipe by which the networks were trained, as that run names it.</summary>
    public required string Recipe { get; init; }

    /// <summary>The benchmark's name.</summary>
    public required string Benchmark { get; init; }

    /// <summary>The names of the tasks that the networks have learned.</summary>
    public required IReadOnlyList<string> Before { get; init; }

    /// <summary>The trainings: see <see cref="TrainingJob.GoesOnFrom"/>.</summary>
    public required IReadOnlyList<TrainingJob> Trainings { get; init; }

    RunKind IStoredPlan.Kind => RunKind.Extension;

    string IStoredPlan.DataName => Benchmark;

    /// <summary>The trainings by their name.</summary>
    [JsonIgnore]
    public IReadOnlyList<PlannedJob> Jobs => [.. Trainings.Select(job => new PlannedJob(Recipe, job))];

    /// <inheritdoc/>
    public IReadOnlyList<PlannedJob> Next(IReadOnlyList<FinishedJob> finished)
    {
        ArgumentNullException.ThrowIfNull(finished);
        return finished.Count == 0 ? Jobs : [];
    }

    /// <summary>Draws the results of all trainings together.</summary>
    /// <param name="results">One for each training, in their order.</param>
    public ExtensionTable Table(IReadOnlyList<JobResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var tasks = BenchmarkCatalog.Get(Benchmark).Tasks;
        return new(
            Benchmark,
            From,
            Recipe,
            [.. Trainings.Select(job => job.Run.Seed)],
            [
                .. Before.Select(name => Of(tasks[name], isNew: false, results)),
                .. Trainings[0].Tasks!.Select(name => Of(tasks[name], isNew: true, results)),
            ],
            results.Select(result => result.Parameters).Max(),
            results.Average(result => result.Seconds)
        )
        {
            SkippedSteps = results.Sum(result => result.SkippedSteps),
        };
    }

    string IStoredPlan.Conclude(IReadOnlyList<EndedJob> ended, string folder) =>
        Table([.. ended.Select(job => job.Result!)]).ToJson();

    /// <summary>The plan as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a plan.</exception>
    public static ExtensionPlan FromJson(string json) =>
        StoredJson.Read<ExtensionPlan>(json, Json, "a plan of further tasks");

    private static ExtendedTask Of(LearningTask task, bool isNew, IReadOnlyList<JobResult> results)
    {
        var metrics = results.Select(result => result.Metrics[task.Name]).ToArray();
        var primary = metrics.Select(own => own[task.PrimaryMetric.Name] ?? double.NaN).ToArray();
        return new(
            task.Name,
            task.PrimaryMetric.Name,
            task.PrimaryMetric.HigherIsBetter,
            isNew,
            SeedStatistics.Summary(primary),
            metrics
        );
    }
}
