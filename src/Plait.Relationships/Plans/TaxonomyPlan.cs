using System.Text.Json.Serialization;
using Plait.Jobs;
using Plait.Relationships.Transfer;

namespace Plait.Relationships.Plans;

/// <summary>Finds out which tasks of a data set to supervise well, and from which of them to transfer to the others with little data.</summary>
/// <remarks>
/// Zamir et al. 2018, <i>Taskonomy: Disentangling Task Transfer Learning</i>, section 3: a network for each task; then, for each target,
/// readouts on the frozen representations of one or several of the others from few rows; then affinities by the analytic hierarchy
/// process on which readout is better on which row; then the binary program. The task's own network takes part as a transfer,
/// which stands only where the task is supervised. Affinities, and with them all choices, are of the validation rows; gain and
/// quality of what was chosen are of the test rows, which nothing was chosen by.
/// </remarks>
public sealed record TaxonomyPlan : AnalysisPlan
{
    /// <summary>How many tasks may be supervised.</summary>
    public required int Sources { get; init; }

    /// <summary>How many sources a transfer may have, from 1.</summary>
    public int Order { get; init; } = 1;

    /// <summary>How many of a target's best first-order sources those of several are made from.</summary>
    public int Beam { get; init; } = 4;

    /// <summary>How many rows a readout learns from, at most.</summary>
    public required int TransferRows { get; init; }

    /// <summary>The readout on the frozen representations: a small network, as an encoder.</summary>
    public string Readout { get; init; } = "mlp:widths=32";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Effort
    {
        get
        {
            var (count, pairs) = (Tasks.Count, Tasks.Count * (Tasks.Count - 1));
            var more = Order == 1 ? "" : $"; then up to {count * Sets(Math.Min(Beam, count - 1))} of several sources";
            return $"{count} trainings of one task each, then {pairs} transfers and {count} from scratch on {TransferRows} rows{more}";
        }
    }

    /// <inheritdoc/>
    public override void Check()
    {
        if (Seeds.Count != 1)
        {
            throw new FormatException($"A taxonomy is found out with one seed; got {Seeds.Count}.");
        }

        if (Tasks.Count < 3)
        {
            throw new FormatException(
                $"Transfers are compared by what they do for a further task, so a taxonomy is of three tasks or more; got {Tasks.Count}."
            );
        }

        Require(Sources, "sources");
        Require(Order, "order");
        Require(Beam, "beam");
        Require(TransferRows, "transfer rows");

        static void Require(int number, string name)
        {
            if (number < 1)
            {
                throw new FormatException($"The number of {name} is 1 or more; got {number}.");
            }
        }
    }

    /// <inheritdoc/>
    public override string Answer(IReadOnlyList<FinishedJob> finished) => Conclude(finished).ToJson();

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedJob> Next(IReadOnlyList<FinishedJob> finished)
    {
        ArgumentNullException.ThrowIfNull(finished);
        var first = Tasks.Count;
        var second = Tasks.Count * Tasks.Count;
        return finished.Count == 0 ? [.. Alone(Seeds[0]).Select(Keeping)]
            : finished.Count == first ? FirstOrder(finished)
            : finished.Count == first + second && Order > 1 ? HigherOrder(finished)
            : [];
    }

    /// <summary>Says what the trainings came to.</summary>
    /// <param name="finished">All trainings that <see cref="Next"/> asked for.</param>
    public MeasuredTaxonomy Conclude(IReadOnlyList<FinishedJob> finished)
    {
        ArgumentNullException.ThrowIfNull(finished);
        var table = Affinities(finished);
        var policy = ScipTransferSelection.Solve(
            new TransferProgram(
                table,
                new TransferOptions
                {
                    Budget = Sources,
                    MostSources = Order,
                    OwnSupervision = true,
                }
            )
        );
        return MeasuredTaxonomy.Of(this, table, policy, finished);
    }

    /// <summary>The share of rows on which one transfer is better than another network on the same target.</summary>
    internal static double Wins(double[] transfer, double[] other) =>
        transfer
            .Zip(
                other,
                (mine, theirs) =>
                    mine < theirs ? 1.0
                    : mine == theirs ? 0.5
                    : 0
            )
            .Average();

    /// <summary>The sources of a transfer, in the order of their names.</summary>
    internal static IReadOnlyList<string> SourcesOf(FinishedJob job) =>
        [.. job.Planned.Job.Sources.Select(folder => SavedNetwork.TasksOf(folder)[0])];

    private static PlannedJob Keeping(PlannedJob planned) =>
        planned with
        {
            Job = planned.Job with { KeepsNetwork = true, KeepsRowLosses = true },
        };

    private PlannedJob[] FirstOrder(IReadOnlyList<FinishedJob> alone) =>
        [
            .. from target in Enumerable.Range(0, Tasks.Count)
            from source in Enumerable.Range(0, Tasks.Count)
            where source != target
            select Transfer(Names.Transfers, Tasks[target], [alone[source].Folder]),
            .. Tasks.Select(task => Transfer(Names.Scratch, task, [])),
        ];

    private PlannedJob[] HigherOrder(IReadOnlyList<FinishedJob> finished)
    {
        var folders = finished.Take(Tasks.Count).ToDictionary(job => job.Planned.Job.Tasks![0], job => job.Folder);
        var table = Affinities(finished);
        return
        [
            .. from target in Tasks
            let best = table
                .Transfers.Where(transfer => transfer.Target == target && !transfer.IsOwn)
                .OrderByDescending(transfer => transfer.Value)
                .Take(Beam)
                .Select(transfer => folders[transfer.Sources[0]])
                .ToArray()
            from set in Enumerable.Range(1, (1 << best.Length) - 1)
            let chosen = best.Where((_, place) => ((set >> place) & 1) != 0).ToArray()
            where chosen.Length > 1 && chosen.Length <= Order
            select Transfer(Names.HigherTransfers, target, chosen),
        ];
    }

    /// <summary>A readout for a target from few rows, on the representations of sources or, without any, on the rows themselves.</summary>
    private PlannedJob Transfer(string name, string target, IReadOnlyList<string> sources)
    {
        var planned = Training(name, [target], Seeds[0]);
        var run = planned.Job.Run;
        return planned with
        {
            Job = planned.Job with
            {
                Sources = sources,
                TrainingRows = TransferRows,
                KeepsRowLosses = true,
                Run = sources.Count == 0 ? run : run with { Encoder = Readout },
            },
        };
    }

    private static TransferTable Affinities(IReadOnlyList<FinishedJob> finished)
    {
        var transfers = finished.Where(job => job.Planned.Job.KeepsNetwork || job.Planned.Job.Sources.Count > 0);
        return new TransferTable(
            transfers
                .GroupBy(job => job.Planned.Job.Tasks![0])
                .SelectMany(ofTarget =>
                {
                    var jobs = ofTarget.ToArray();
                    var rows = Array.ConvertAll(jobs, job => RowLosses.OfValidation(job.Folder));
                    var losses = new double[jobs.Length, rows[0].Length];
                    for (var i = 0; i < jobs.Length; i++)
                    {
                        for (var row = 0; row < rows[i].Length; row++)
                        {
                            losses[i, row] = rows[i][row];
                        }
                    }

                    var affinities = AnalyticHierarchyProcess.AffinitiesOfLosses(losses);
                    return jobs.Select(
                        (job, i) =>
                            new TaskTransfer(
                                ofTarget.Key,
                                job.Planned.Job.KeepsNetwork ? [TransferTable.Own] : SourcesOf(job),
                                affinities[i]
                            )
                    );
                })
        );
    }

    private long Sets(int beam) =>
        Enumerable
            .Range(1, (1 << beam) - 1)
            .Count(set => System.Numerics.BitOperations.PopCount((uint)set) is > 1 and var size && size <= Order);
}
