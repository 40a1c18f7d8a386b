using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks.PredictionDistillation;

/// <summary>Each dense task adds to its features gated messages from the features with which the other tasks made their early predictions.</summary>
/// <remarks>
/// Xu et al. 2018, <i>PAD-Net: Multi-Tasks Guided Prediction-and-Distillation Network</i>, section 3.4. Its final tasks are two, its intermediate
/// ones these and contours and normals (<c>auxiliary</c>). As the authors of the survey of
/// dense prediction build it, features are those before an early prediction, which need no layers of their own to be read again.
/// </remarks>
[Method(
    "pad-net",
    Survey = "2.1",
    Paper = "Xu et al. 2018, PAD-Net: Multi-Tasks Guided Prediction-and-Distillation Network for Simultaneous Depth Estimation and Scene Parsing",
    Arxiv = "1805.04409",
    Summary = "Early predictions of every dense task; gated messages between their features; predictions again."
)]
public sealed class PadNet : BranchExchange
{
    private readonly ModuleList<DistillationUnit> units;

    /// <summary>Puts branches, the exchange and heads on an encoder.</summary>
    /// <param name="tasks">The tasks; dense ones exchange.</param>
    /// <param name="encoder">The shared part, which ends in a map, now owned by this network.</param>
    /// <param name="distillation">What a task takes from the others: the paper's module A, B or C.</param>
    /// <param name="width">
    /// Channels of a branch, a multiple of 4. When null: the encoder's, but not below 16 nor above the 256 of the survey's code.
    /// </param>
    /// <param name="headWidths">Hidden widths of heads of tasks that are not dense; none for one layer.</param>
    /// <param name="head">What the last heads of dense tasks are like; two bottlenecks and a 1 x 1 convolution when null.</param>
    /// <param name="auxiliary">The names of dense tasks that are predicted early only, to help the others; none when null.</param>
    /// <exception cref="NotSupportedException">The encoder ends in a vector.</exception>
    /// <exception cref="ArgumentException">An auxiliary task is not there or not dense, or no dense task is left to help.</exception>
    public PadNet(
        TaskSet tasks,
        Encoder encoder,
        PadNetDistillation distillation = PadNetDistillation.Attention,
        int? width = null,
        int[]? headWidths = null,
        DenseHead? head = null,
        string[]? auxiliary = null
    )
        : base(tasks, encoder, nameof(PadNet), width, Joined(tasks, distillation), headWidths, head, auxiliary)
    {
        var count = DenseTasks.Count;
        units = new ModuleList<DistillationUnit>([
            .. MainPositions
                .Where(_ => count > 1 && distillation != PadNetDistillation.Features)
                .Select(task => new DistillationUnit(
                    count,
                    task,
                    Channels,
                    distillation == PadNetDistillation.Attention
                )),
        ]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> ReceivingParametersOf(int position) =>
        units.Count == 0 ? [] : units[MainPlaceOf(position)].parameters();

    /// <inheritdoc/>
    protected override IReadOnlyList<Tensor> Exchange(IReadOnlyList<Tensor> features, IReadOnlyList<int> receivers)
    {
        ArgumentNullException.ThrowIfNull(receivers);
        if (units.Count > 0)
        {
            return [.. receivers.Select(task => units[MainPlaceOf(task)].Refine(features))];
        }

        var joined = torch.cat([.. features], 1);
        return [.. receivers.Select(_ => joined)];
    }

    private static int Joined(TaskSet tasks, PadNetDistillation distillation)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return distillation == PadNetDistillation.Features ? tasks.Count(task => task.Output.IsDense) : 1;
    }
}

/// <summary>What a task of PAD-Net takes from the others.</summary>
public enum PadNetDistillation
{
    /// <summary>Module C: their features through 3 x 3 convolutions, each number times a gate from 0 to 1.</summary>
    Attention,

    /// <summary>Module B: their features through 3 x 3 convolutions.</summary>
    Messages,

    /// <summary>Module A: all features, side by side.</summary>
    Features,
}
