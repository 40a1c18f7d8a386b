using static TorchSharp.torch.nn;

namespace Plait.Tasks.Losses;

/// <summary>Squared error.</summary>
public sealed class SquaredError : TaskLoss
{
    /// <inheritdoc/>
    public override string Name => "mse";

    /// <inheritdoc/>
    public override OutputMeaning? Trains => OutputMeaning.Numbers;

    /// <inheritdoc/>
    public override bool MeasuresError => true;

    /// <inheritdoc/>
    public override bool IsQuadratic => true;

    /// <inheritdoc/>
    protected override Tensor Cost(Tensor output, Tensor target, Reduction reduction) =>
        functional.mse_loss(output, target, reduction);
}
