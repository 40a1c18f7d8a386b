using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>Makes of all tasks' features at one scale what each task hands on to the next finer scale.</summary>
/// <remarks>
/// Vandenhende et al. 2020, MTI-Net, feature propagation module: a shared function of all features gives each number of each task's map
/// a weight, a softmax over tasks; a block reduces the weighed maps to one, from which each task takes channels by squeeze and excitation
/// and adds its own features. The authors' code pairs channels of different tasks in the softmax; here it is over the tasks of
/// one channel. Channels are squeezed 16 times as there, but to no fewer than 8 where there are as many. With one task every weight is
/// one, and there is no function to learn.
/// </remarks>
internal sealed class FeaturePropagation : Module
{
    private const int Reduction = 16; // Hu et al. 2018
    private const long FewestUnits = 8; // of squeezed channels: a ReLU or two that start dead would make them a constant

    private readonly Module<Tensor, Tensor>? weighing;
    private readonly Module<Tensor, Tensor> reduction;
    private readonly ModuleList<SqueezeExcitation> selections;

    /// <summary>Builds the blocks.</summary>
    public FeaturePropagation(int tasks, long channels)
        : base(nameof(FeaturePropagation))
    {
        var all = tasks * channels;
        var inside = Math.Max(1, all / 4);
        var squeezing = (int)Math.Clamp(channels / FewestUnits, 1, Reduction);
        weighing =
            tasks == 1
                ? null
                : Sequential(new BasicBlock(all, inside), new BasicBlock(inside, inside), Conv2d(inside, all, 1));
        reduction = new BasicBlock(all, channels);
        selections = new ModuleList<SqueezeExcitation>([
            .. Enumerable.Range(0, tasks).Select(_ => new SqueezeExcitation(channels, squeezing)),
        ]);
        RegisterComponents();
    }

    /// <summary>One map a task, [rows, channels, height, width], to as many of the same shape.</summary>
    public Tensor[] Propagate(IReadOnlyList<Tensor> features)
    {
        using var scope = torch.NewDisposeScope();
        var side = torch.cat([.. features], 1); // [rows, tasks · channels, height, width]
        var reduced = reduction.call(weighing is null ? side : Weigh(side));
        return [.. features.Select((own, task) => selections[task].call(reduced).add_(own).MoveToOuterDisposeScope())];
    }

    /// <summary>The parameters with which a task takes channels of what all tasks hand on.</summary>
    public IEnumerable<Parameter> SelectionParametersOf(int task) => selections[task].parameters();

    /// <summary>The weights of every task's numbers, which sum to one over tasks: [rows, tasks, channels, height, width].</summary>
    internal Tensor Weights(Tensor side)
    {
        long tasks = selections.Count;
        return weighing!.call(side).view(side.size(0), tasks, -1, side.size(2), side.size(3)).softmax(1);
    }

    private Tensor Weigh(Tensor side)
    {
        var weights = Weights(side);
        return weights.mul(side.view(weights.shape)).view(side.shape);
    }
}
