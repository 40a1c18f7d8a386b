using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SingleTasking;

/// <summary>One layer a task, of which that of the task runs whose turn it is.</summary>
internal sealed class PerTask : Module<Tensor, Tensor>, ITaskDependent
{
    private readonly ActiveTask turn;
    private readonly ModuleList<Module<Tensor, Tensor>> layers;

    /// <summary>Collects the tasks' layers, in the order of the tasks.</summary>
    public PerTask(ActiveTask turn, params IEnumerable<Module<Tensor, Tensor>> layers)
        : base(nameof(PerTask))
    {
        this.turn = turn;
        this.layers = new ModuleList<Module<Tensor, Tensor>>([.. layers]);
        RegisterComponents();
    }

    /// <summary>The tasks' layers.</summary>
    public ModuleList<Module<Tensor, Tensor>> Layers => layers;

    /// <inheritdoc/>
    public IEnumerable<Parameter> ParametersOf(int task) => layers[task].parameters();

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => layers[turn.Task].call(input);
}
