using static TorchSharp.torch.nn;

namespace Plait.Tasks.Losses;

/// <summary>Absolute error.</summary>
public sealed class AbsoluteError : TaskLoss
{
    /// <inheritdoc/>
    public override string Name => "l1";

    /// <inheritdoc/>
    public override OutputMeaning? Trains => OutputMeaning.Numbers;

    /// <inheritdoc/>
    public override bool MeasuresError => true;

    /// <inheritdoc/>
    protected override Tensor Cost(Tensor output, Tensor target, Reduction reduction) =>
        functional.l1_loss(output, target, reduction);
}
