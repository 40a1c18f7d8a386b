using Plait.Catalogue;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Relationships.Grouping;

/// <summary>Measures how far a step for one task alone would lower each task's loss on the same batch.</summary>
/// <remarks>
/// <para>Fifty et al. 2021, <i>Efficiently Identifying Task Groupings for Multi-Task Learning</i>, equations 1 and 2: with
/// θ' = θ - η ∇L_i(θ) for the shared parameters alone, the affinity of task i onto task j is 1 - L_j(θ') / L_j(θ), averaged over the
/// training.</para>
/// <para>What a look finds is to first order as large as its step, so under a schedule the looks at small rates would count for nothing. As in
/// the authors' programs, each look is divided by its rate η, so that all count alike. Where the step's own rate is below
/// a hundredth of the largest so far, that hundredth is looked ahead with, since rounding of the losses would be all that is left.</para>
/// <para>The step is plain gradient descent with the run's learning rate, whatever its optimizer, unless <c>momentum</c> is asked
/// for. What momentum adds to a look is to first order the same whichever task it is for, so it shifts a task's row and leaves the choice of
/// groups by <see cref="AffinitySelection"/> as it is.</para>
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
public sealed class InterTaskAffinity : AffinityCallback
{
    private const double LeastShareOfRate = 0.01;

    private readonly bool perRate;
    private readonly bool momentum;
    private double largestRate;

    /// <summary>Sets the options.</summary>
    /// <param name="interval">Steps between two looks; 10 unless said, at which the paper finds the same groupings.</param>
    /// <param name="share">The share of a batch's rows that is looked at, above 0 to 1; the paper's is 1.</param>
    /// <param name="perRate">Whether each look is divided by its learning rate, as in the authors' programs; without it equation 2 is averaged as it stands.</param>
    /// <param name="momentum">Whether the step that is looked ahead takes the momentum and the weight decay of SGD with it, as in the authors' programs; other optimizers have none to take.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public InterTaskAffinity(int interval = 10, double share = 0.125, bool perRate = true, bool momentum = false)
        : base(interval, share) => (this.perRate, this.momentum) = (perRate, momentum);

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks)
    {
        base.Begin(tasks);
        largestRate = 0;
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        base.Save(state);
        state.Set("largest-rate", [largestRate]);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        base.Load(state);
        largestRate = state.Numbers("largest-rate")[0];
    }

    /// <inheritdoc/>
    protected override double[] Measure(InnerProblem training, IObjective objective)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(objective);
        var rate = RateOf(training);
        var storage = training.Storage;
        var before = training.Losses(objective);
        using var gradients = TaskGradients.Of(before, training.Network);
        var rows = gradients.Rows;
        using var noGrad = torch.no_grad();
        var shared = storage.Values.narrow(0, 0, storage.SharedLength);
        var kept = shared.clone();
        var always = momentum ? Always(training, kept) : null;
        var affinities = new double[before.Count * before.Count];
        try
        {
            for (var by = 0; by < before.Count; by++)
            {
                var gradient = rows.select(0, by);
                Move(storage, kept, always is null ? gradient : gradient.add(always), rate);
                var after = training.Losses(objective);
                for (var affected = 0; affected < before.Count; affected++)
                {
                    affinities[(affected * before.Count) + by] =
                        (1 - (after.Numbers[affected] / before.Numbers[affected])) / (perRate ? rate : 1);
                }
            }
        }
        finally
        {
            shared.copy_(kept);
        }

        return affinities;
    }

    /// <summary>The rate of a look; 0, by which nothing counts, where no step has had a rate above it yet.</summary>
    private double RateOf(InnerProblem training)
    {
        largestRate = Math.Max(largestRate, training.LearningRate);
        return perRate ? Math.Max(training.LearningRate, LeastShareOfRate * largestRate) : training.LearningRate;
    }

    /// <summary>What the optimizer's step goes against besides the gradient, whichever task it is for.</summary>
    private static Tensor Always(InnerProblem training, Tensor shared)
    {
        var decay = shared.mul(training.WeightDecay);
        return training.Velocity is { } velocity ? decay.add(velocity.narrow(0, 0, shared.numel())) : decay;
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
