using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.CrossTalk;

/// <summary>Mixes the activations of parallel networks linearly: each task's network goes on with its own weighted sum of all.</summary>
/// <remarks>Misra et al. 2016, equation 1. Each task's weights are one parameter, so that it is plain which losses reach them.</remarks>
internal sealed class StitchUnit : Module
{
    private readonly int tasks;
    private readonly bool perChannel;

    /// <summary>Builds one row of weights a task.</summary>
    public StitchUnit(TaskSet tasks, long channels, StartingWeights weights, bool perChannel)
        : base(nameof(StitchUnit))
    {
        this.tasks = tasks.Count;
        this.perChannel = perChannel;
        using var scope = torch.NewDisposeScope();
        for (var task = 0; task < tasks.Count; task++)
        {
            long[] shape = perChannel ? [tasks.Count, channels] : [tasks.Count];
            var row = torch.full(shape, weights.Other, ScalarType.Float32);
            row.select(0, task).fill_(weights.Own);
            var parameter = Parameter(row);
            register_parameter(NameOf(task), parameter);
            parameter.DetachFromDisposeScope();
        }
    }

    /// <summary>The weights of one task's sum: [tasks], or [tasks, channels].</summary>
    public Parameter Row(int task) => get_parameter(NameOf(task))!;

    /// <summary>The weighted sums of some tasks.</summary>
    /// <param name="activations">One a task of the set, [rows, channels] or [rows, channels, height, width], all of one shape.</param>
    /// <param name="receivers">The tasks to compute.</param>
    /// <remarks>
    /// The activations are stacked once, and the sums are one product (for maps a batched one); for vectors one operation a task
    /// is quicker, since products of one value each leave nothing to reuse. For 12 tasks with maps that takes a quarter of the
    /// time of one multiply-and-add for each pair of tasks (forward and backward); for 3 tasks it is no slower.
    /// </remarks>
    public Tensor[] Mix(Tensor[] activations, ReadOnlySpan<int> receivers)
    {
        long[] one = activations[0].shape;
        var stacked = torch.stack(activations); // [tasks, rows, channels, ...]
        var rows = new Tensor[receivers.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = Row(receivers[i]);
        }

        if (perChannel && one.Length == 2)
        {
            return [.. rows.Select(row => stacked.mul(row.unsqueeze(1)).sum(dim: 0L))];
        }

        var weights = torch.stack(rows); // [receivers, tasks] or [receivers, tasks, channels]
        var mixed = perChannel
            ? torch.einsum("ijc,jbcp->ibcp", weights, stacked.flatten(3))
            : weights.mm(stacked.view(tasks, -1));
        return mixed.reshape([rows.Length, .. one]).unbind(0);
    }

    private static string NameOf(int task) => $"row{task}";
}
