namespace Plait.Tasks.Losses;

/// <summary>Absolute error.</summary>
public sealed class AbsoluteError : TaskLoss
{
    /// <inheritdoc/>
    public override string Name => "l1";

    /// <inheritdoc/>
    protected override Tensor Elementwise(Tensor output, Tensor target) =>
        torch.nn.functional.l1_loss(output, target, torch.nn.Reduction.None);
}
