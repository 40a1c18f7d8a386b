using Plait.Catalogue;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;

namespace OwnMethod;

/// <summary>A loss weighting of one's own, with an option: the larger the power, the more the tasks with large losses count.</summary>
/// <remarks>A weighting is an objective on the losses; the weights are its derivative, which nobody writes.</remarks>
[Method(
    "power-mean",
    Survey = "3.1",
    Paper = "An example of Plait",
    Summary = "Descends the power mean of the losses: 1 is their mean, larger powers come near their maximum."
)]
public sealed class PowerMean : LossWeighting
{
    private readonly double power;

    /// <summary>Sets the power, which <c>power-mean:power=3</c> does on the command line.</summary>
    /// <param name="power">1 or more.</param>
    /// <exception cref="ArgumentException">It is below 1.</exception>
    public PowerMean(double power = 2)
    {
        if (!(power >= 1))
        {
            throw new ArgumentException($"The power of a mean is 1 or more; got {power}.", nameof(power));
        }

        this.power = power;
    }

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return losses.Values.pow(power).mean().pow(1 / power);
    }
}
