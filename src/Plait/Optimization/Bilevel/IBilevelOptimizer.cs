using Plait.Tasks;

namespace Plait.Optimization.Bilevel;

/// <summary>A part of a run that learns on top of the training: min over its own variables of an objective at the parameters that the training would give.</summary>
/// <remarks>
/// A weighting, an aggregator, a regularizer, an auxiliary loss or a network says by this interface that it is asked before each
/// step. What it needs of the training is in <see cref="InnerProblem"/>.
/// </remarks>
public interface IBilevelOptimizer
{
    /// <summary>Improves the upper level's variables before the lower level takes its step.</summary>
    /// <param name="lower">The training as it stands; its parameters are afterwards as before.</param>
    /// <param name="step">Where the run stands.</param>
    void Improve(InnerProblem lower, StepContext step);
}
