using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;

namespace Plait.Optimization.Regularization;

/// <summary>How the stacked weights of a layer become matrices.</summary>
public enum Unfolding
{
    /// <summary>One matrix: a column for each task.</summary>
    LastAxis,

    /// <summary>One matrix for each axis, that axis against all others.</summary>
    Tucker,

    /// <summary>One matrix for each cut between two axes, those before it against those behind it.</summary>
    TensorTrain,
}

/// <summary>Draws the tasks' private weights into few directions that they have in common.</summary>
/// <remarks>
/// Yang and Hospedales 2017, <i>Trace Norm Regularised Deep Multi-Task Learning</i>, equations 2 to 4: the weights of a layer, stacked
/// over the tasks as the last axis, are unfolded into one matrix or several, and the penalty is the sum of their singular values. It is
/// the convex stand-in for the rank: unlike in a factorised network, the data choose how many directions there are. Weights
/// correspond as for <see cref="SoftSharing"/>; biases and other vectors are left alone.
/// </remarks>
[Method(
    "trace-norm",
    Survey = "3.2",
    Paper = "Yang and Hospedales 2017, Trace Norm Regularised Deep Multi-Task Learning",
    Arxiv = "1606.04038",
    Summary = "Draws the tasks' private weights into few directions that they have in common."
)]
public sealed class TraceNorm : Regularizer
{
    private readonly double strength;
    private readonly Unfolding unfolding;

    /// <summary>Sets strength and unfolding.</summary>
    /// <param name="strength">Times the sum of singular values; 0 or more.</param>
    /// <param name="unfolding">How stacked weights become matrices.</param>
    public TraceNorm(double strength = 1e-3, Unfolding unfolding = Unfolding.LastAxis)
    {
        this.strength = Strength.Require(strength);
        this.unfolding = unfolding;
    }

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network) =>
        CorrespondingParameters.Require(network, CorrespondingParameters.WeightsOf(network), "stack");

    /// <inheritdoc/>
    public override Tensor Penalty(MultiTaskNetwork network, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = torch.NewDisposeScope();
        var norms = CorrespondingParameters
            .WeightsOf(network)
            .SelectMany(weights => Unfold(torch.stack(weights, -1))) // [outputs, inputs, ..., tasks]
            .Select(NuclearNorm.Of)
            .ToArray();
        return torch.stack(norms).sum().mul(strength).MoveToOuterDisposeScope();
    }

    private IEnumerable<Tensor> Unfold(Tensor stacked)
    {
        var axes = (int)stacked.dim();
        return unfolding switch
        {
            Unfolding.LastAxis => [Cut(stacked, axes - 1)],
            Unfolding.Tucker => Enumerable.Range(0, axes).Select(axis => stacked.transpose(0, axis).flatten(1)),
            _ => Enumerable.Range(1, axes - 1).Select(axis => Cut(stacked, axis)),
        };
    }

    private static Tensor Cut(Tensor stacked, int axis) =>
        stacked.reshape(stacked.shape.Take(axis).Aggregate(1L, (product, size) => product * size), -1);
}
