using Plait.Catalogue;
using Plait.Networks;
using Plait.Torch;

namespace Plait.Training;

/// <summary>Adam with decoupled weight decay, fused over flat storage.</summary>
/// <remarks>Loshchilov and Hutter 2019, algorithm 2.</remarks>
[Method(
    "adamw",
    Survey = "3",
    Paper = "Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization",
    Arxiv = "1711.05101",
    Summary = "Adam with decoupled weight decay, fused over flat storage."
)]
public sealed class AdamWOptimizer : OptimizerFactory
{
    private readonly double learningRate;
    private readonly AdamOptions options;

    /// <summary>Sets the constants.</summary>
    /// <param name="learningRate">Above 0.</param>
    /// <param name="beta1">Decay of the mean, from 0 to below 1.</param>
    /// <param name="beta2">Decay of the mean square, from 0 to below 1.</param>
    /// <param name="epsilon">Added to the root of the mean square; above 0.</param>
    /// <param name="weightDecay">The share of each parameter, times the learning rate, that a step takes away; 0 or more.</param>
    public AdamWOptimizer(
        double learningRate = 1e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-8,
        double weightDecay = 0.01
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
        new FlatAdam(storage, learningRate, decays ? options : options with { WeightDecay = 0 }, decoupled: true);
}
