using System.Text.Json;
using Plait.Jobs;
using Plait.Relationships.Transfer;

namespace Plait.Relationships.Plans;

/// <summary>Which tasks to supervise well, and from which of them each other one is best transferred.</summary>
public sealed record MeasuredTaxonomy
{
    /// <summary>The data's name.</summary>
    public required string Data { get; init; }

    /// <summary>The tasks to supervise.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>For each target, the sources of its transfer; itself where it is supervised.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Policy { get; init; }

    /// <summary>The affinities of the chosen transfers, added up; on the validation rows.</summary>
    public required double Total { get; init; }

    /// <summary>For each target, the share of test rows on which its transfer beats a network trained from scratch on as many rows.</summary>
    public required IReadOnlyDictionary<string, double> Gain { get; init; }

    /// <summary>For each target, the share of test rows on which its transfer beats a network trained on all rows.</summary>
    public required IReadOnlyDictionary<string, double> Quality { get; init; }

    /// <summary>Every transfer with its affinity, on the validation rows.</summary>
    public required IReadOnlyList<TaskTransfer> Transfers { get; init; }

    /// <summary>How many trainings it took to find out.</summary>
    public required int Trainings { get; init; }

    /// <summary>How long they took, added up.</summary>
    public required double Seconds { get; init; }

    /// <summary>The answer as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, AnalysisJson.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not an answer.</exception>
    public static MeasuredTaxonomy FromJson(string json) => AnalysisJson.Read<MeasuredTaxonomy>(json, "a taxonomy");

    internal static MeasuredTaxonomy Of(
        TaxonomyPlan plan,
        TransferTable table,
        TransferPolicy policy,
        IReadOnlyList<FinishedJob> finished
    )
    {
        var alone = Losses(finished.Where(job => job.Planned.Name == Names.Alone));
        var scratch = Losses(finished.Where(job => job.Planned.Name == Names.Scratch));
        var chosen = policy.Transfers.ToDictionary(
            pair => pair.Key,
            pair =>
                pair.Value.IsOwn
                    ? alone[pair.Key]
                    : RowLosses.OfTest(finished.First(job => IsOf(job, pair.Value)).Folder)
        );
        return new MeasuredTaxonomy
        {
            Data = plan.Data.Name,
            Sources = policy.Sources,
            Policy = policy.Transfers.ToDictionary(
                pair => pair.Key,
                pair => pair.Value.IsOwn ? [pair.Key] : pair.Value.Sources
            ),
            Total = policy.Total,
            Gain = chosen.ToDictionary(pair => pair.Key, pair => TaxonomyPlan.Wins(pair.Value, scratch[pair.Key])),
            Quality = chosen.ToDictionary(pair => pair.Key, pair => TaxonomyPlan.Wins(pair.Value, alone[pair.Key])),
            Transfers = table.Transfers,
            Trainings = finished.Count,
            Seconds = finished.Sum(job => job.Result.Seconds),
        };
    }

    private static Dictionary<string, double[]> Losses(IEnumerable<FinishedJob> jobs) =>
        jobs.ToDictionary(job => job.Planned.Job.Tasks![0], job => RowLosses.OfTest(job.Folder));

    private static bool IsOf(FinishedJob job, TaskTransfer transfer) =>
        job.Planned.Job.Sources.Count == transfer.Sources.Count
        && job.Planned.Job.Tasks![0] == transfer.Target
        && TaxonomyPlan.SourcesOf(job).ToHashSet().SetEquals(transfer.Sources);
}
