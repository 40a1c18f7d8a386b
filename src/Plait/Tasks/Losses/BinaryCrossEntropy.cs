namespace Plait.Tasks.Losses;

/// <summary>Binary cross-entropy of logits; targets are 0 and 1, or a probability between.</summary>
public sealed class BinaryCrossEntropy : TaskLoss
{
    /// <inheritdoc/>
    public override string Name => "binary-cross-entropy";

    /// <inheritdoc/>
    protected override Tensor Elementwise(Tensor output, Tensor target) =>
        torch.nn.functional.binary_cross_entropy_with_logits(output, target, reduction: torch.nn.Reduction.None);
}
