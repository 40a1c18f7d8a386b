using Plait.Catalogue;
using Plait.Networks;
using Plait.Torch;

namespace Plait.Training;

/// <summary>Stochastic gradient descent with momentum, fused over flat storage.</summary>
[Method(
    "sgd",
    Survey = "3",
    Paper = "Sutskever et al. 2013, On the importance of initialization and momentum in deep learning",
    Summary = "Stochastic gradient descent with momentum, fused over flat storage."
)]
public sealed class SgdOptimizer : OptimizerFactory
{
    private readonly double learningRate;
    private readonly SgdOptions options;

    /// <summary>Sets the constants.</summary>
    /// <param name="learningRate">Above 0.</param>
    /// <param name="momentum">The share of the last step that the next one keeps, from 0 to below 1.</param>
    /// <param name="weightDecay">Times each parameter, added to its gradient; 0 or more.</param>
    /// <param name="nesterov">Looks ahead along the momentum (Nesterov's form); wants a momentum above 0.</param>
    public SgdOptimizer(
        double learningRate = 0.01,
        double momentum = 0.9,
        double weightDecay = 0,
        bool nesterov = false
    )
    {
        OptimizerRanges.Check(learningRate, weightDecay);
        OptimizerRanges.CheckShare(momentum, nameof(momentum));
        if (nesterov && momentum == 0)
        {
            throw new ArgumentException("Nesterov's form wants a momentum above 0.", nameof(nesterov));
        }

        this.learningRate = learningRate;
        options = new SgdOptions(momentum, weightDecay, nesterov);
    }

    internal override double LearningRate => learningRate;

    internal override IGroupOptimizer Create(FlatParameters storage, IReadOnlyList<int> places, bool decays) =>
        new FlatSgd(storage, learningRate, decays ? options : options with { WeightDecay = 0 });
}
