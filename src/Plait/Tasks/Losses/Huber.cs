using static TorchSharp.torch.nn;

namespace Plait.Tasks.Losses;

/// <summary>Squared error near the target and absolute error far from it.</summary>
/// <remarks>Huber 1964, <i>Robust Estimation of a Location Parameter</i>: e²/2 for |e| at most delta, and delta (|e| - delta/2) beyond.</remarks>
public sealed class Huber : TaskLoss
{
    private readonly double delta;

    /// <summary>Sets where the two meet.</summary>
    /// <param name="delta">In the target's unit; finite, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not a finite number above 0.</exception>
    public Huber(double delta = 1)
    {
        if (!(delta > 0) || double.IsInfinity(delta))
        {
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "Delta is a finite number above 0.");
        }

        this.delta = delta;
    }

    /// <inheritdoc/>
    public override string Name => "huber";

    /// <inheritdoc/>
    public override OutputMeaning? Trains => OutputMeaning.Numbers;

    /// <inheritdoc/>
    public override bool MeasuresError => true;

    /// <inheritdoc/>
    protected override Tensor Cost(Tensor output, Tensor target, Reduction reduction) =>
        functional.huber_loss(output, target, delta, reduction);
}
