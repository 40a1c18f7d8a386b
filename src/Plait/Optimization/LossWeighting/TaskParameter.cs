using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization.LossWeighting;

/// <summary>One number for each task of a run, which the recipe's optimizer learns.</summary>
/// <param name="name">Its name in checkpoints.</param>
internal sealed class TaskParameter(string name)
{
    private Parameter[] whole = []; // one of [tasks], from Begin on

    /// <summary>The parameter, [tasks]; none before a run has begun.</summary>
    public IReadOnlyList<Parameter> Parameters => whole;

    public void Begin(int tasks, double start, Device device) =>
        whole = [
            (Parameter)new Parameter(torch.full(tasks, start, ScalarType.Float32, device)).DetachFromDisposeScope(),
        ];

    /// <summary>The numbers of some tasks, tied to the parameter, [tasks chosen].</summary>
    /// <exception cref="InvalidOperationException">No run has begun.</exception>
    public Tensor Of(TaskSelection tasks)
    {
        var values = Begun();
        if (tasks.Count == tasks.Tasks.Count)
        {
            return values;
        }

        long[] places = [.. tasks.Indices.ToArray().Select(place => (long)place)];
        return values.index_select(0, torch.tensor(places, device: values.device));
    }

    public void Save(StateDictionary state) => state.Set(name, Begun());

    public void Load(StateDictionary state) => state.CopyTo(name, Begun());

    private Parameter Begun() =>
        whole.Length == 1 ? whole[0] : throw new InvalidOperationException("Call Begin with the run's tasks first.");
}
