using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>One task's features and what every other task's features add to them.</summary>
/// <remarks>Xu et al. 2018, PAD-Net: F_t + Σ_{a≠t} message_{a→t}(F_a), with messages of module B or C.</remarks>
internal sealed class DistillationUnit : Module
{
    private readonly ModuleList<Module<Tensor, Tensor>> messages;
    private readonly int target;

    /// <summary>Builds one message from each other task.</summary>
    /// <param name="tasks">Tasks in all.</param>
    /// <param name="target">The one that receives.</param>
    /// <param name="channels">Channels of a task's features.</param>
    /// <param name="isGated">Whether a gate stands before every number of a message.</param>
    public DistillationUnit(int tasks, int target, long channels, bool isGated = true)
        : base(nameof(DistillationUnit))
    {
        this.target = target;
        messages = new ModuleList<Module<Tensor, Tensor>>([
            .. Enumerable
                .Range(0, tasks - 1)
                .Select(_ =>
                    isGated
                        ? new GatedMessage(channels, channels)
                        : (Module<Tensor, Tensor>)Conv2d(channels, channels, 3, padding: 1, bias: false)
                ),
        ]);
        RegisterComponents();
    }

    /// <summary>The receiver's refined features, [rows, channels, height, width].</summary>
    /// <param name="features">One map a task, all of one shape.</param>
    public Tensor Refine(IReadOnlyList<Tensor> features)
    {
        var refined = features[target];
        for (var source = 0; source < features.Count; source++)
        {
            if (source != target)
            {
                refined = refined.add(messages[source < target ? source : source - 1].call(features[source]));
            }
        }

        return refined;
    }
}
