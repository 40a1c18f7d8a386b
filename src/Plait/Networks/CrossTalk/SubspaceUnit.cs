using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.CrossTalk;

/// <summary>Mixes parts of the channels of parallel networks: each part of a task's network goes on as its own weighted sum of all parts.</summary>
/// <remarks>The α of Ruder et al. 2019. The weights of each task are one parameter, so that it is plain which losses reach them.</remarks>
internal sealed class SubspaceUnit : Module
{
    private readonly int tasks;

    /// <summary>Builds the weights.</summary>
    /// <param name="tasks">How many networks are joined.</param>
    /// <param name="channels">Channels of each.</param>
    /// <param name="subspaces">Parts that are wished for; as many are made as divide the channels evenly.</param>
    /// <param name="own">The weight that a part starts with of itself, from 0 to 1.</param>
    public SubspaceUnit(int tasks, long channels, int subspaces, double own)
        : base(nameof(SubspaceUnit))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(own);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(own, 1);
        this.tasks = tasks;
        Channels = channels;
        Subspaces = (int)Math.Min(subspaces, channels);
        while (channels % Subspaces != 0)
        {
            Subspaces--;
        }

        using var scope = torch.NewDisposeScope();
        var parts = tasks * Subspaces;
        for (var task = 0; task < tasks; task++)
        {
            var row = torch.full([Subspaces, parts], (1 - own) / (parts - 1), ScalarType.Float32);
            row.narrow(1, task * Subspaces, Subspaces).diagonal().fill_(own);
            var parameter = Parameter(row);
            register_parameter(NameOf(task), parameter);
            parameter.DetachFromDisposeScope();
        }
    }

    /// <summary>Channels of each network.</summary>
    public long Channels { get; }

    /// <summary>Parts that the channels fall into.</summary>
    public int Subspaces { get; }

    /// <summary>The weights of one task's parts: [subspaces, tasks x subspaces].</summary>
    public Parameter Row(int task) => get_parameter(NameOf(task))!;

    /// <summary>The rows of a weight [channels, ...] that make one part.</summary>
    public Tensor Part(Tensor weight, int subspace) =>
        weight.narrow(0, subspace * (Channels / Subspaces), Channels / Subspaces);

    /// <summary>The mixtures of some tasks.</summary>
    /// <param name="activations">One a task of the set, [rows, channels, ...], all of one shape.</param>
    /// <param name="receivers">The tasks to compute.</param>
    public Tensor[] Mix(Tensor[] activations, ReadOnlySpan<int> receivers)
    {
        long[] one = activations[0].shape;
        var parts = torch.stack(activations, 1).view(one[0], tasks * Subspaces, -1); // [rows, parts, numbers of a part]
        var weights = new Tensor[receivers.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = Row(receivers[i]);
        }

        var mixed = torch.einsum("ij,rjn->rin", torch.cat(weights, 0), parts);
        return mixed.reshape([one[0], weights.Length, .. one.AsSpan(1)]).unbind(1);
    }

    private static string NameOf(int task) => $"row{task}";
}
