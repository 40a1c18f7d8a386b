using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Tasks;

namespace Plait.Training;

/// <summary>The tasks' losses on the batches of a step, as a function of the parameters: what one batch of all their rows would give.</summary>
/// <remarks>
/// A task's loss is a mean over its targets, so each batch counts by its share of them, and what the network and the recipe add by
/// its share of the rows. Batch normalisation, and terms that are no mean over rows, still see one batch at a time.
/// </remarks>
internal sealed class DataObjective : IObjective
{
    private readonly MultiTaskNetwork network;
    private readonly IReadOnlyList<AuxiliaryLoss> auxiliaries;
    private readonly StepContext context;
    private readonly Func<int, IReadOnlyList<MultiTaskBatch>> others;

    /// <summary>Joins batches.</summary>
    /// <param name="network">The network.</param>
    /// <param name="auxiliaries">Terms that the losses have beside.</param>
    /// <param name="batches">One or more; they stay whoever's they are.</param>
    /// <param name="others">Reads as many independent batches of the same tasks, by a number from 0.</param>
    /// <param name="context">Where the run stands.</param>
    public DataObjective(
        MultiTaskNetwork network,
        IReadOnlyList<AuxiliaryLoss> auxiliaries,
        IReadOnlyList<MultiTaskBatch> batches,
        Func<int, IReadOnlyList<MultiTaskBatch>> others,
        StepContext context
    )
    {
        this.network = network;
        this.auxiliaries = auxiliaries;
        this.others = others;
        this.context = context;
        Batches = batches;
        Tasks = network.Tasks.All.Where(task => batches.Any(batch => HasTarget(batch, task)));
        if (batches.Count == 1)
        {
            var ones = OfTasks(_ => 1);
            Parts = [new Part(this, batches[0], ones, ones)];
            return;
        }

        var targets = batches.Select(batch => OfTasks(task => WeightOf(batch, task))).ToArray();
        var rows = batches.Select(batch => OfTasks(task => RowsOf(batch, task))).ToArray();
        var allTargets = OfTasks(task => targets.Sum(part => part[Tasks.Indices.IndexOf(task)]));
        var allRows = OfTasks(task => rows.Sum(part => part[Tasks.Indices.IndexOf(task)]));
        Parts =
        [
            .. batches.Select(
                (batch, part) => new Part(this, batch, Shares(targets[part], allTargets), Shares(rows[part], allRows))
            ),
        ];
    }

    /// <summary>What the losses are of.</summary>
    public IReadOnlyList<MultiTaskBatch> Batches { get; }

    /// <summary>The tasks that have a target.</summary>
    public TaskSelection Tasks { get; }

    /// <summary>The batches, each with its share.</summary>
    public IReadOnlyList<IObjectivePart> Parts { get; }

    /// <inheritdoc/>
    public IObjective Joined => Batches.Count == 1 ? this : OfOne(MultiTaskBatch.Join(Batches));

    private bool NeedsRepresentation => auxiliaries.Any(auxiliary => auxiliary.NeedsRepresentation);

    /// <inheritdoc/>
    public IObjective Independent(int number) => Of(others(number), further => others(number + 1 + further));

    /// <inheritdoc/>
    public IObjective Share(double share) =>
        share == 1 ? this : Of([.. Batches.Select(batch => batch.Share(share))], others);

    /// <inheritdoc/>
    public TaskLosses Measure()
    {
        var sums = new double[Tasks.Count];
        foreach (var part in Parts)
        {
            using var scope = torch.NewDisposeScope();
            var losses = part.Forward(withGraph: false, cut: false).Losses;
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += losses.Numbers[i];
            }
        }

        return TaskLosses.OfNumbers(Tasks, sums, network.Storage.Values);
    }

    private DataObjective OfOne(MultiTaskBatch batch) => Of([batch], number => [MultiTaskBatch.Join(others(number))]);

    private DataObjective Of(
        IReadOnlyList<MultiTaskBatch> batches,
        Func<int, IReadOnlyList<MultiTaskBatch>> independent
    ) => new(network, auxiliaries, batches, independent, context);

    private (TaskLosses Losses, TaskOutputs Outputs) Of(MultiTaskBatch batch, double[] targets, double[] rows, bool cut)
    {
        var outputs = InputCheck.Forward(network, batch, Tasks, cut);
        var pass = new ForwardResult(network, batch, outputs, context);
        var losses = new Tensor[Tasks.Count];
        for (var i = 0; i < losses.Length; i++)
        {
            var task = Tasks.Indices[i];
            var loss = Times(OfTargets(outputs, batch, task), targets[i] / rows[i]);
            loss = outputs.PenaltyOf(task) is { } penalty ? loss.add(penalty) : loss;
            foreach (var auxiliary in auxiliaries)
            {
                loss = auxiliary.Add(loss, task, pass);
            }

            losses[i] = Times(loss, rows[i]);
        }

        return (new TaskLosses(Tasks, losses), outputs);
    }

    private static Tensor OfTargets(TaskOutputs outputs, MultiTaskBatch batch, int task)
    {
        var target = batch.TargetOf(task);
        if (target.PresentCount == 0)
        {
            return torch.zeros([], outputs[task].dtype, outputs[task].device);
        }

        var learned = batch.Tasks.Tasks[task];
        var loss = learned.Loss.Compute(outputs[task], target);
        foreach (var answer in outputs.AuxiliaryOutputsOf(task))
        {
            loss = loss.add(learned.Loss.Compute(answer, target));
        }

        return loss;
    }

    private static Tensor Times(Tensor loss, double factor) => factor == 1 ? loss : loss.mul(factor);

    private double[] OfTasks(Func<int, double> number) => [.. Tasks.Indices.ToArray().Select(number)];

    private static double[] Shares(double[] part, double[] whole) =>
        [.. part.Select((number, i) => whole[i] == 0 ? 0 : number / whole[i])];

    private static bool HasTarget(MultiTaskBatch batch, int task) =>
        batch.Tasks.Contains(task) && batch.TargetOf(task).PresentCount > 0;

    private double WeightOf(MultiTaskBatch batch, int task) =>
        HasTarget(batch, task) ? network.Tasks[task].Loss.WeightOf(batch.TargetOf(task)) : 0;

    private static double RowsOf(MultiTaskBatch batch, int task) => batch.BatchInputOf(task).Rows;

    private sealed class Part(DataObjective whole, MultiTaskBatch batch, double[] targets, double[] rows)
        : IObjectivePart
    {
        public TaskSelection Tasks => whole.Tasks;

        public IObjective Alone => whole.Batches.Count == 1 ? whole : whole.OfOne(batch);

        public (TaskLosses Losses, SharedRepresentation? Cut) Forward(bool withGraph, bool cut)
        {
            // Terms that read the representation, or gradients there, exist in a graph alone: adversarial-gradients, amtfl.
            var needs = whole.NeedsRepresentation;
            using var mode = torch.set_grad_enabled(withGraph || needs);
            var (losses, outputs) = whole.Of(batch, targets, rows, cut || needs);
            return (losses, outputs.Representation);
        }
    }
}
