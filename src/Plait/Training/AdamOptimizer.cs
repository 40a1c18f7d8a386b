using Plait.Catalogue;
using Plait.Networks;
using Plait.Torch;

namespace Plait.Training;

/// <summary>Adam, fused over flat storage.</summary>
/// <remarks>Kingma and Ba 2015, algorithm 1, with weight decay as a part of the gradient.</remarks>
[Method(
    "adam",
    Survey = "3",
    Paper = "Kingma and Ba 2015, Adam: A Method for Stochastic Optimization",
    Arxiv = "1412.6980",
    Summary = "Adam, fused over flat storage."
)]
public sealed class AdamOptimizer : OptimizerFactory
{
    private readonly double learningRate;
    private readonly AdamOptions options;

    /// <summary>Sets the constants; the defaults are the paper's.</summary>
    /// <param name="learningRate">Above 0.</param>
    /// <param name="beta1">Decay of the mean, from 0 to below 1.</param>
    /// <param name="beta2">Decay of the mean square, from 0 to below 1.</param>
    /// <param name="epsilon">Added to the root of the mean square; above 0.</param>
    /// <param name="weightDecay">Times each parameter, added to its gradient; 0 or more.</param>
    public AdamOptimizer(
        double learningRate = 1e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-8,
        double weightDecay = 0
    )
    {
        OptimizerRanges.Check(learningRate, weightDecay);
        OptimizerRanges.CheckAdam(beta1, beta2, epsilon);
        this.learningRate = learningRate;
        options = new AdamOptions(beta1, beta2, epsilon, weightDecay);
    }

    internal override bool IsAdaptive => true;

    internal override double LearningRate => learningRate;

    internal override IGroupOptimizer Create(FlatParameters storage, IReadOnlyList<int> places, bool decays) =>
        new FlatAdam(storage, learningRate, decays ? options : options with { WeightDecay = 0 }, decoupled: false);
}
