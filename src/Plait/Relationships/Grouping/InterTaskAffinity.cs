using Plait.Catalogue;
using Plait.Data;
using Plait.Optimization;
using Plait.Optimization.Bilevel;
using Plait.Torch;

namespace Plait.Relationships.Grouping;

/// <summary>Measures how far a step for one task alone would lower each task's loss on the same batch.</summary>
/// <remarks>
/// <para>Fifty et al. 2021, <i>Efficiently Identifying Task Groupings for Multi-Task Learning</i>, equations 1 and 2: with
/// θ' = θ - η ∇L_i(θ) for the shared parameters alone, the affinity of task i onto task j is 1 - L_j(θ') / L_j(θ), averaged over the
/// training. The step is plain gradient descent with the run's learning rate, whatever its optimizer.</para>
/// <para>The paper looks at whole batches. A look at T tasks is T backward and T forward passes, so a share of the rows is looked
/// at here unless told otherwise: that makes the mean over a training cheaper, and noisier, but moves it nowhere.</para>
/// </remarks>
[Method(
    "tag",
    Survey = "4.1",
    Paper = "Fifty et al. 2021, Efficiently Identifying Task Groupings for Multi-Task Learning",
    Arxiv = "2109.04617",
    Summary = "How far a step for one task lowers the loss of each other one, averaged over one joint training."
)]
public sealed class InterTaskAffinity : AffinityObserver
{
    /// <summary>Sets the options.</summary>
    /// <param name="interval">Steps between two looks; 10 unless said, at which the paper finds the same groupings.</param>
    /// <param name="share">The share of a batch's rows that is looked at, above 0 to 1; the paper's is 1.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public InterTaskAffinity(int interval = 10, double share = 0.125)
        : base(interval, share) { }

    /// <inheritdoc/>
    protected override double[] Measure(LowerLevel training, MultiTaskBatch batch)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(batch);
        var storage = training.Storage;
        var before = training.Losses(batch);
        using var gradients = TaskGradients.Of(before, training.Network);
        var rows = gradients.Rows;
        using var noGrad = torch.no_grad();
        var shared = storage.Values.narrow(0, 0, storage.SharedLength);
        var kept = shared.clone();
        var affinities = new double[before.Count * before.Count];
        try
        {
            for (var by = 0; by < before.Count; by++)
            {
                Move(storage, kept, rows.select(0, by), training.LearningRate);
                var after = training.Losses(batch);
                for (var affected = 0; affected < before.Count; affected++)
                {
                    affinities[(affected * before.Count) + by] =
                        1 - (after.Numbers[affected] / before.Numbers[affected]);
                }
            }
        }
        finally
        {
            shared.copy_(kept);
        }

        return affinities;
    }

    private static void Move(FlatParameters storage, Tensor from, Tensor gradient, double learningRate)
    {
        storage.Values.narrow(0, 0, from.numel()).copy_(from);
        foreach (var segment in storage.Segments.Where(segment => segment.Start < from.numel()))
        {
            var length = Math.Min(segment.Length, from.numel() - segment.Start);
            storage
                .Values.narrow(0, segment.Start, length)
                .add_(gradient.narrow(0, segment.Start, length), -learningRate * segment.LearningRateScale);
        }
    }
}
