using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization.LossWeighting;

/// <summary>One number for each task of a run, which the recipe's optimizer learns.</summary>
/// <remarks>Each is a parameter by itself, so that the number of a task without a loss in a step has no gradient and stands still.</remarks>
/// <param name="name">Their name in checkpoints.</param>
internal sealed class TaskParameter(string name)
{
    private Parameter[] ofTasks = []; // scalars, one a task of the set, from Begin on

    /// <summary>The parameters, a scalar for each task of the set; none before a run has begun.</summary>
    public IReadOnlyList<Parameter> Parameters => ofTasks;

    public void Begin(int tasks, double start, Device device) =>
        ofTasks = [
            .. Enumerable
                .Range(0, tasks)
                .Select(_ =>
                    (Parameter)new Parameter(torch.full([], start, ScalarType.Float32, device)).DetachFromDisposeScope()
                ),
        ];

    /// <summary>The numbers of some tasks, tied to their parameters, [tasks chosen].</summary>
    /// <exception cref="InvalidOperationException">No run has begun.</exception>
    public Tensor Of(TaskSelection tasks)
    {
        var begun = Begun();
        return torch.stack([.. tasks.Indices.ToArray().Select(task => begun[task])]);
    }

    public void Save(StateDictionary state)
    {
        using var all = torch.stack(Begun());
        state.Set(name, all);
    }

    public void Load(StateDictionary state)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var all = torch.stack(Begun()).detach();
        state.CopyTo(name, all);
        for (var task = 0; task < ofTasks.Length; task++)
        {
            ofTasks[task].copy_(all[task]);
        }
    }

    private Parameter[] Begun() =>
        ofTasks.Length > 0 ? ofTasks : throw new InvalidOperationException("Call Begin with the run's tasks first.");
}
