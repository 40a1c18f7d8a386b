using Plait.Data;
using Plait.Networks;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Demonstrations;

/// <summary>One linear predictor for all tasks, 0 at first: what one task has made of it is where the next one starts.</summary>
internal sealed class OnePredictor : MultiTaskNetwork
{
    private readonly Linear layer;

    /// <summary>Makes the predictor.</summary>
    /// <param name="tasks">Tasks of one number each.</param>
    /// <param name="inputs">Numbers a row.</param>
    public OnePredictor(TaskSet tasks, long inputs)
        : base(tasks, nameof(OnePredictor))
    {
        layer = Linear(inputs, 1, hasBias: false);
        init.zeros_(layer.weight!);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters => layer.parameters();

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) => [];

    /// <inheritdoc/>
    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        foreach (var task in tasks.Indices)
        {
            outputs[task] = layer.call(input.Values);
        }
    }
}
