using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.LossWeighting;

/// <summary>Learns weights under which the logarithms of all losses fall alike, from how much each fell in the last step.</summary>
/// <remarks>
/// <para>Liu et al. 2023, <i>FAMO: Fast Adaptive Multitask Optimization</i>, algorithm 1. With z = softmax(ξ) and D the losses above
/// their floor, the weights are z / D, scaled to a sum of 1: the step of least progress gains the most, without a gradient of
/// a single task. After the step, the same batch says how far each log D fell, δ, and ξ descends zᵀδ by Adam with weight decay.</para>
/// <para>D has no small constant added, so no unit of a loss matters. A loss at its floor takes all the weight, since its
/// logarithm has no bottom, and its task's ξ is not learned in that step.</para>
/// </remarks>
[Method(
    "famo",
    Survey = "3.1",
    Paper = "Liu et al. 2023, FAMO: Fast Adaptive Multitask Optimization",
    Arxiv = "2306.03792",
    Summary = "Learns weights under which the logarithms of all losses fall alike."
)]
public sealed class Famo : LossWeighting
{
    private readonly double[]? minimum;
    private readonly TaskNumbers logits = new("logits");
    private readonly TaskAdam adam;

    /// <summary>Sets the options.</summary>
    /// <param name="learningRate">Of the logits ξ; above 0. 0.025 in the paper's code.</param>
    /// <param name="decay">Weight decay of the logits; 0 or more. 0.001 in the paper's code.</param>
    /// <param name="minimum">For each task a loss that cannot be undercut; 0 when null.</param>
    public Famo(double learningRate = 0.025, double decay = 0.001, double[]? minimum = null)
    {
        adam = new TaskAdam(
            OptionRange.Positive(learningRate, "learning rate"),
            OptionRange.NotNegative(decay, "decay")
        );
        this.minimum =
            minimum is null || minimum.All(double.IsFinite)
                ? minimum
                : throw new ArgumentException($"The least losses are finite; got {string.Join("/", minimum)}.");
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is not one minimum a task.</exception>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (minimum is not null && minimum.Length != tasks.Count)
        {
            throw new ArgumentException(
                $"There are {tasks.Count} tasks ({string.Join(", ", tasks)}) and {minimum.Length} least losses ({string.Join("/", minimum)}); give one a task."
            );
        }

        logits.Begin(tasks.Count);
        adam.Begin(tasks.Count);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A loss is below its minimum.</exception>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var weights = Shares(losses.Tasks);
        var distances = Distances(losses);
        var atFloor = distances.Contains(0);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = atFloor
                ? distances[i] == 0
                    ? weights[i]
                    : 0
                : weights[i] / distances[i];
        }

        var sum = weights.Sum();
        return losses.WeighedBy([.. weights.Select(weight => weight / sum)]);
    }

    /// <inheritdoc/>
    public override void AfterStep(TaskLosses before, Func<TaskLosses> recompute, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(recompute);
        var (old, now) = (Distances(before), Distances(recompute()));
        var falls = new double[old.Length];
        for (var i = 0; i < falls.Length; i++)
        {
            var fall = Math.Log(old[i] / now[i]);
            falls[i] = double.IsFinite(fall) ? fall : 0;
        }

        var shares = Shares(before.Tasks);
        var mean = shares.Zip(falls, (share, fall) => share * fall).Sum();
        adam.Step(before.Tasks.Indices, [.. shares.Zip(falls, (share, fall) => share * (fall - mean))], logits.Values);
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        logits.Save(state);
        adam.Save(state);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        logits.Load(state);
        adam.Load(state);
    }

    private double[] Shares(TaskSelection tasks)
    {
        var shares = logits.Of(tasks);
        Softmax.Of(shares, shares);
        return shares;
    }

    private double[] Distances(TaskLosses losses)
    {
        var distances = losses.Numbers.ToArray();
        for (var i = 0; i < distances.Length; i++)
        {
            distances[i] -= minimum?[losses.Tasks.Indices[i]] ?? 0;
            if (distances[i] < 0)
            {
                throw new InvalidOperationException(
                    $"FAMO needs losses that cannot fall below a minimum; that of task '{losses.Tasks[i].Name}' is {losses.Numbers[i]}: write famo:minimum=... with one number a task."
                );
            }
        }

        return distances;
    }
}
