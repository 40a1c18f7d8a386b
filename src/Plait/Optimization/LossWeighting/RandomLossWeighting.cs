using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>Draws new weights in every step: a baseline that is hard to beat.</summary>
/// <remarks>
/// Lin et al. 2022, <i>Reasonable Effectiveness of Random Weighting: A Litmus Test for Multi-Task Learning</i>, section 3. Weights
/// are shares of sum 1, times the number of tasks in the step, so that their mean is 1.
/// </remarks>
[Method(
    "rlw",
    Survey = "3.1",
    Paper = "Lin et al. 2022, Reasonable Effectiveness of Random Weighting: A Litmus Test for Multi-Task Learning",
    Arxiv = "2111.10603",
    Summary = "Draws the weights by chance in every step."
)]
public sealed class RandomLossWeighting : LossWeighting
{
    private readonly WeightDistribution distribution;

    /// <summary>Sets the distribution.</summary>
    /// <param name="distribution">Where weights come from; the softmax of normal numbers in most of the paper.</param>
    public RandomLossWeighting(WeightDistribution distribution = WeightDistribution.Normal) =>
        this.distribution = distribution;

    /// <inheritdoc/>
    public override bool DependsOnLosses => false;

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(step);
        var weights = new double[losses.Count];
        Draw(distribution, weights, step.Random(ChanceStreams.Weighting));
        var sum = weights.Sum();
        return losses.WeighedBy([.. weights.Select(weight => weights.Length * weight / sum)]);
    }

    /// <summary>Draws weights of 0 and more, not all 0, whose sum may be any.</summary>
    internal static void Draw(WeightDistribution distribution, Span<double> weights, Random random)
    {
        switch (distribution)
        {
            case WeightDistribution.Dirichlet:
                Fill(weights, () => -Math.Log(1 - random.NextDouble()));
                break;
            case WeightDistribution.Bernoulli:
                do
                {
                    Fill(weights, () => random.Next(2));
                } while (!weights.ContainsAnyExcept(0.0));

                break;
            case WeightDistribution.ConstrainedBernoulli:
                weights[random.Next(weights.Length)] = 1;
                break;
            case WeightDistribution.Uniform:
                Fill(weights, random.NextDouble);
                Softmax.Of(weights, weights);
                break;
            default:
                Fill(weights, () => NormalVariate.Draw(random));
                Softmax.Of(weights, weights);
                break;
        }
    }

    private static void Fill(Span<double> weights, Func<double> draw)
    {
        foreach (ref var weight in weights)
        {
            weight = draw();
        }
    }
}

/// <summary>Where random weights come from.</summary>
public enum WeightDistribution
{
    /// <summary>The softmax of standard normal numbers.</summary>
    Normal,

    /// <summary>The softmax of numbers between 0 and 1.</summary>
    Uniform,

    /// <summary>Any point of the simplex alike.</summary>
    Dirichlet,

    /// <summary>A coin for each task, drawn again while all show 0; the tasks that show 1 share alike.</summary>
    Bernoulli,

    /// <summary>One task alone.</summary>
    ConstrainedBernoulli,
}
