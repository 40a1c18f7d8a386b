namespace Plait.Tasks.Losses;

/// <summary>Squared error near the target and absolute error far from it.</summary>
/// <remarks>Huber 1964: e²/2 for |e| at most delta, and delta (|e| - delta/2) beyond.</remarks>
public sealed class Huber : TaskLoss
{
    private readonly double delta;

    /// <summary>Sets where the two meet.</summary>
    /// <param name="delta">In the target's unit; above 0.</param>
    public Huber(double delta = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(delta);
        this.delta = delta;
    }

    /// <inheritdoc/>
    public override string Name => "huber";

    /// <inheritdoc/>
    protected override Tensor Elementwise(Tensor output, Tensor target) =>
        torch.nn.functional.huber_loss(output, target, delta, torch.nn.Reduction.None);
}
