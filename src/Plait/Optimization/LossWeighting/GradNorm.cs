using Plait.Catalogue;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.LossWeighting;

/// <summary>Learns weights under which tasks that learn slowly pull harder on the shared layers, and tasks that learn fast less.</summary>
/// <remarks>
/// <para>Chen et al. 2018, <i>GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask Networks</i>, equations 1
/// and 2 and algorithm 1. G_t is the norm of the weighted loss's gradient at the last shared layer and r_t the task's loss over
/// its initial one, relative to the mean of that over the tasks. The weights descend Σ |G_t - mean(G) r_t^α|, the second term held
/// constant, by Adam, and are scaled to a sum of T. Since G_t = w_t ‖∇L_t‖, the derivative by w_t is ±‖∇L_t‖: no second
/// backward pass is needed.</para>
/// <para>The paper does not say what becomes of a weight that would fall below 0; here it stops there, and rises again in the next
/// step. Such weights cannot follow losses that differ a thousandfold at this pace; T softmax(v) with v learned, as in the public
/// library LibMTL, can. In a step of some tasks, the others keep their weights and those share what is left. A step is taken on
/// the weights as they were, and learns those of the next one.</para>
/// </remarks>
[Method(
    "gradnorm",
    Survey = "3.1",
    Paper = "Chen et al. 2018, GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask Networks",
    Arxiv = "1711.02257",
    Summary = "Balances the tasks' gradient norms by how fast each task learns."
)]
public sealed class GradNorm : LossWeighting
{
    private readonly double alpha;
    private readonly InitialLoss initial;
    private readonly GradientLocation at;
    private readonly bool softmax;
    private readonly TaskNumbers weights = new("weights", 1);
    private readonly TaskNumbers initialLosses = new("initial-losses", double.NaN); // NaN until known
    private readonly TaskAdam adam;
    private double[] norms = []; // of the step's tasks, between Observe and Weigh

    /// <summary>Sets the options.</summary>
    /// <param name="alpha">How strongly slow tasks are favoured; 0 makes all norms alike. 1.5 in most of the paper.</param>
    /// <param name="learningRate">Of the weights; above 0. 0.025 in the paper's experiments.</param>
    /// <param name="initial">What a task's loss is compared with.</param>
    /// <param name="at">Where gradients are taken; the last shared layer in the paper.</param>
    /// <param name="softmax">Whether it is the weights' logarithms that are learned.</param>
    public GradNorm(
        double alpha = 1.5,
        double learningRate = 0.025,
        InitialLoss initial = InitialLoss.First,
        GradientLocation at = GradientLocation.LastSharedLayer,
        bool softmax = false
    )
    {
        this.alpha = OptionRange.NotNegative(alpha, "alpha");
        adam = new TaskAdam(OptionRange.Positive(learningRate, "learning rate"));
        this.initial = initial;
        this.at = at;
        this.softmax = softmax;
    }

    /// <inheritdoc/>
    public override GradientLocation? ObservedLocation => at;

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        weights.Begin(tasks.Count);
        initialLosses.Begin(tasks.Count);
        adam.Begin(tasks.Count);
        norms = [];
        for (var task = 0; task < tasks.Count && initial == InitialLoss.LogClasses; task++)
        {
            var learned = tasks[task];
            initialLosses.Values[task] = learned.Loss.IsLogLikelihood ? learned.Answer.ChanceLoss : double.NaN;
        }
    }

    /// <inheritdoc/>
    public override void Observe(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        var gramian = gradients.Gramian(at);
        norms = new double[gramian.Count];
        for (var i = 0; i < norms.Length; i++)
        {
            norms[i] = Math.Sqrt(gramian[i, i]);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A loss is below 0, or the gradients were not observed.</exception>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(step);
        losses.RequireNotNegative("takes ratios of losses");
        if (norms.Length != losses.Count)
        {
            throw new InvalidOperationException("GradNorm looks at gradients: call Observe before Weigh in each step.");
        }

        var chosen = weights.Of(losses.Tasks);
        if (initial != InitialLoss.FirstEpoch || step.Epoch > 0)
        {
            Learn(losses, chosen);
        }

        norms = [];
        return losses.WeighedBy(chosen);
    }

    /// <inheritdoc/>
    public override void EndEpoch(EpochOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (initial == InitialLoss.FirstEpoch && outcome.Epoch == 0)
        {
            outcome.TrainingLosses.ToArray().CopyTo(initialLosses.Values);
        }
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        weights.Save(state);
        initialLosses.Save(state);
        adam.Save(state);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        weights.Load(state);
        initialLosses.Load(state);
        adam.Load(state);
    }

    private void Learn(TaskLosses losses, double[] current)
    {
        var places = losses.Tasks.Indices;
        var rates = Rates(losses);
        var mean = 0.0;
        for (var i = 0; i < norms.Length; i++)
        {
            mean += current[i] * norms[i] / norms.Length;
        }

        var slopes = new double[norms.Length];
        for (var i = 0; i < slopes.Length; i++)
        {
            slopes[i] = norms[i] * Math.Sign((current[i] * norms[i]) - (mean * Math.Pow(rates[i], alpha)));
        }

        if (softmax)
        {
            MoveLogarithms(places, slopes, current);
        }
        else
        {
            adam.Step(places, slopes, weights.Values);
        }

        var sum = 0.0;
        foreach (var task in places)
        {
            sum += weights.Values[task] = Math.Max(0, weights.Values[task]);
        }

        for (var i = 0; i < places.Length; i++)
        {
            weights.Values[places[i]] = sum > 0 ? weights.Values[places[i]] * current.Sum() / sum : current[i];
        }
    }

    /// <summary>Descends by v where weights are softmax(v): the derivative by v is w times that by w, less its mean.</summary>
    private void MoveLogarithms(ReadOnlySpan<int> places, double[] slopes, double[] current)
    {
        var mean = slopes.Zip(current, (slope, weight) => slope * weight).Sum() / current.Sum();
        double[] moved = [.. weights.Values];
        foreach (ref var weight in moved.AsSpan())
        {
            weight = Math.Log(weight);
        }

        adam.Step(places, [.. slopes.Zip(current, (slope, weight) => weight * (slope - mean))], moved);
        foreach (var task in places)
        {
            weights.Values[task] = Math.Exp(moved[task]);
        }
    }

    /// <summary>Each loss over its initial one, relative to their mean.</summary>
    private double[] Rates(TaskLosses losses)
    {
        var rates = new double[losses.Count];
        for (var i = 0; i < rates.Length; i++)
        {
            ref var first = ref initialLosses.Values[losses.Tasks.Indices[i]];
            if (double.IsNaN(first) && losses.Numbers[i] > 0)
            {
                first = losses.Numbers[i];
            }

            rates[i] = double.IsNaN(first) ? 1 : losses.Numbers[i] / first;
        }

        var mean = rates.Average();
        return [.. rates.Select(rate => mean > 0 ? rate / mean : 1)];
    }
}

/// <summary>What a task's loss is compared with to see how far it has been learned.</summary>
public enum InitialLoss
{
    /// <summary>The loss of the first step; its batch may be an unlucky one.</summary>
    First,

    /// <summary>The mean loss of the first epoch, in which every task weighs 1.</summary>
    FirstEpoch,

    /// <summary>The logarithm of the number of classes, which is the loss of a guess; the first loss for what is no classification.</summary>
    LogClasses,
}
