using Plait.Networks;
using Plait.Tasks;

namespace Plait.Optimization;

/// <content>What a trainer does between the forward pass and the aggregation: weigh, scale, add up.</content>
public sealed partial class TaskGradients
{
    /// <summary>The weight of each loss in the objective; the gradients are those of weight times loss.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>The factors of the last combination; empty when there was none.</summary>
    public ReadOnlySpan<double> Factors => factors;

    /// <summary>Weighs the losses by an objective, and with them whatever was looked at before.</summary>
    /// <param name="objective">What a loss weighting returned for these losses.</param>
    /// <exception cref="ArgumentException">The objective is not made of the losses.</exception>
    /// <exception cref="NonFiniteException">The objective's derivative by a loss is not finite.</exception>
    internal void Weigh(Tensor objective)
    {
        if (ReferenceEquals(objective, Losses.Values))
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        Reweigh(ObjectiveWeights.Of(Losses, objective));
    }

    private void Reweigh(double[] newWeights)
    {
        using var scope = torch.NewDisposeScope();
        if (rows is not null)
        {
            var ratios = newWeights.Zip(weights, (after, before) => before == 0 ? 1 : after / before).ToArray();
            rows.mul_(Column(ratios, rows));
        }

        passes!.Reweigh(newWeights);
        gramians.Clear();
    }

    /// <summary>Gradients that are in a network's storage already, the private ones and the sum of the shared ones, weighted.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">Single tasks' gradients by the shared parameters; without them, their sum is all that is to be had.</param>
    /// <param name="losses">The losses.</param>
    /// <param name="weights">The weight of each loss.</param>
    internal static TaskGradients Accumulated(
        MultiTaskNetwork network,
        Tensor? rows,
        TaskLosses losses,
        ReadOnlySpan<double> weights
    )
    {
        var gradients = new TaskGradients(losses.Tasks, rows, losses, network);
        weights.CopyTo(gradients.weights);
        return gradients;
    }

    /// <summary>Multiplies the weight of each loss, and with them whatever was looked at before.</summary>
    internal void Scale(ReadOnlySpan<double> factors)
    {
        var scaled = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            scaled[i] = weights[i] * factors[i];
        }

        Reweigh(scaled);
    }

    /// <summary>The rows of gradients that nothing else is asked of: the caller's to dispose.</summary>
    internal Tensor HandOverRows() => UseGraph().Rows();

    private static Tensor Column(double[] numbers, Tensor like) =>
        torch.tensor(numbers, dtype: like.dtype, device: like.device).unsqueeze(1);
}
