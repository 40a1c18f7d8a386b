using Plait.Networks;
using Plait.Optimization;
using TorchSharp.Modules;

namespace Plait.Tests.Training.Matrix;

/// <summary>A term with a parameter of its own, a mean over all rows, labelled or not: (1 + a) loss + mean (a output - 1)².</summary>
internal sealed class RowScale : AuxiliaryLoss
{
    private Parameter[] parameters = [];

    public override IReadOnlyList<Parameter> Parameters => parameters;

    public override void Begin(MultiTaskNetwork network) =>
        parameters = [(Parameter)new Parameter(torch.full(1, 0.3f)).DetachFromDisposeScope()];

    public override Tensor Add(Tensor loss, int task, ForwardResult pass) =>
        loss.mul(parameters[0].sum().add(1)).add(pass.Outputs[task].mul(parameters[0]).sub(1).square().mean());
}
