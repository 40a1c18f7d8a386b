namespace Plait.Tasks.Losses;

/// <summary>Squared error.</summary>
public sealed class SquaredError : TaskLoss
{
    /// <inheritdoc/>
    public override string Name => "mse";

    /// <inheritdoc/>
    protected override Tensor Elementwise(Tensor output, Tensor target) =>
        torch.nn.functional.mse_loss(output, target, torch.nn.Reduction.None);
}
