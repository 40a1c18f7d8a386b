using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization;

/// <summary>The backward passes of a step of several batches, one after the other: the graph of one at a time is in memory.</summary>
/// <remarks>
/// The losses of a batch are its shares of the step's, so that gradients and losses add up to those of one batch of all rows.
/// Whatever is asked for goes through all batches: forward again too, with the chance of the first time, and without moving what
/// forward passes move (batch statistics) once more.
/// </remarks>
internal sealed class AccumulatedPasses : GradientSource
{
    private readonly IReadOnlyList<IObjectivePart> parts;
    private readonly bool cut;
    private readonly FlatParameters storage;
    private readonly double[] weights;
    private readonly RepeatedPasses forward;
    private double[]? numbers; // the losses of the step, once somebody went through it
    private TaskLosses? losses; // the same, once somebody asked

    /// <param name="parts">Of the step's losses.</param>
    /// <param name="network">The network that the losses come from.</param>
    /// <param name="cut">Whether each pass is cut at the shared representation.</param>
    /// <param name="weights">The weight of each loss.</param>
    /// <param name="learned">The gradients of what the recipe's parts learn.</param>
    public AccumulatedPasses(
        IReadOnlyList<IObjectivePart> parts,
        MultiTaskNetwork network,
        bool cut,
        double[] weights,
        LearnedGradients learned
    )
        : base(network.Storage, weights, learned)
    {
        this.parts = parts;
        this.cut = cut;
        this.weights = weights;
        storage = Storage;
        forward = new RepeatedPasses(network);
    }

    /// <inheritdoc/>
    /// <remarks>Where no gradient was asked for yet, they cost a forward pass.</remarks>
    public override TaskLosses Losses =>
        losses ??= TaskLosses.OfNumbers(parts[0].Tasks, numbers ??= Look(), storage.Values);

    /// <inheritdoc/>
    public override Tensor Rows(bool keepsGraph)
    {
        var rows = storage.TakeRows(weights.Length);
        Each((passes, part) => passes.AddRows(rows, keepsGraph: false, onZero: part == 0));
        return rows;
    }

    /// <inheritdoc/>
    public override void Combine(ReadOnlySpan<double> factors)
    {
        var ofTasks = factors.ToArray();
        Each((passes, _) => passes.Combine(ofTasks));
    }

    /// <inheritdoc/>
    public override Tensor RowsOf(int first, int count, long skip, long most)
    {
        var (_, length) = storage.RunOf(first, count);
        var rows = torch.zeros(
            [weights.Length, Math.Min(most, length - skip)],
            storage.Values.dtype,
            storage.Values.device
        );
        Each((passes, _) => rows.add_(passes.RowsOf(first, count, skip, most)));
        return rows;
    }

    /// <inheritdoc/>
    /// <remarks>The representation of all rows is those of the batches side by side, so the inner products add up.</remarks>
    public override double[] RepresentationGramian()
    {
        var sum = new double[weights.Length * weights.Length];
        Each(
            (passes, _) =>
            {
                var products = passes.RepresentationGramian();
                for (var i = 0; i < sum.Length; i++)
                {
                    sum[i] += products[i];
                }
            }
        );
        return sum;
    }

    /// <inheritdoc/>
    public override Tensor?[][] AtRepresentation() => throw NotOfOnePass();

    /// <inheritdoc/>
    public override Tensor RepresentationRows() => throw NotOfOnePass();

    /// <inheritdoc/>
    public override void FromRepresentation(Tensor upstream) => throw NotOfOnePass();

    /// <inheritdoc/>
    public override void Dispose() => forward.Dispose();

    private void Each(Action<BackwardPasses, int> take)
    {
        storage.ZeroGradients();
        Learned.BeginRound();
        var sums = new double[weights.Length];
        using var again = forward.Begin();
        for (var part = 0; part < parts.Count; part++)
        {
            using var scope = torch.NewDisposeScope();
            forward.Before(part);
            var (partLosses, place) = parts[part].Forward(withGraph: true, cut);
            Add(partLosses, sums);
            using var passes = new BackwardPasses(partLosses, storage, place, weights, Learned);
            if (IsWeighed)
            {
                passes.Weigh(weights);
            }

            take(passes, part);
        }

        Learned.EndRound();
        PassedOwn = true;
        numbers ??= sums;
    }

    private double[] Look()
    {
        var sums = new double[weights.Length];
        using var again = forward.Begin();
        for (var part = 0; part < parts.Count; part++)
        {
            using var scope = torch.NewDisposeScope();
            forward.Before(part);
            Add(parts[part].Forward(withGraph: false, cut).Losses, sums);
        }

        return sums;
    }

    private static void Add(TaskLosses part, double[] sums)
    {
        NonFiniteException.ThrowIfAny(part);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += part.Numbers[i];
        }
    }

    private static InvalidOperationException NotOfOnePass() =>
        new(
            "The shared representation differs from batch to batch: accumulate no batches, or take the gradients at the parameters."
        );
}
