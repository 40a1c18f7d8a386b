using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SingleTasking;

/// <summary>One encoder for all tasks, with a small 1 x 1 convolution and a normalisation of each task's own at every convolution.</summary>
/// <remarks>
/// <para>Series: Rebuffi et al. 2017, <i>Learning multiple visual domains with residual adapters</i>, equation 2: N_t(y + A_t M_t(y)) behind a shared
/// convolution y = W x, with normalisations N_t and M_t. Parallel: Rebuffi et al. 2018, <i>Efficient parametrization of multi-domain deep
/// neural networks</i>, section 3: N_t(W x + A_t x).</para>
/// <para>The adapters start at zero, so that a trained encoder starts as it was. M_t has no scale and shift of its own: A_t and N_t make up
/// for any. The shared filters learn with the adapters, unless they are frozen, as the papers' are after their training on ImageNet. One
/// pass a task.</para>
/// </remarks>
[Method(
    "residual-adapters",
    Survey = "2.1",
    Paper = "Rebuffi et al. 2018, Efficient parametrization of multi-domain deep neural networks",
    Arxiv = "1803.10082",
    Summary = "One residual encoder with a 1 x 1 adapter and a normalisation of each task's own at every convolution."
)]
public sealed class ResidualAdapters : TaskConditionalNetwork
{
    /// <summary>Puts adapters at every convolution, and a head a task on the encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">A residual encoder, copied with what it has learned.</param>
    /// <param name="form">Where the adapters stand.</param>
    /// <param name="frozen">Whether the shared filters stay as they are: for an encoder that is trained already.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="NotSupportedException">The encoder is no residual network.</exception>
    public ResidualAdapters(
        TaskSet tasks,
        Encoder encoder,
        AdapterForm form = AdapterForm.Parallel,
        bool frozen = false,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : this(tasks, encoder, form, frozen, new ActiveTask(), headWidths, head) =>
        Notices = frozen && ConditionalUnits.NoticeOfFrozen(encoder) is { } notice ? [notice] : [];

    private ResidualAdapters(
        TaskSet tasks,
        Encoder encoder,
        AdapterForm form,
        bool frozen,
        ActiveTask turn,
        int[]? headWidths,
        DenseHead? head
    )
        : base(
            tasks,
            nameof(ResidualAdapters),
            turn,
            new Units(turn, tasks.Count, form, frozen).Rebuild(encoder),
            [],
            headWidths,
            head
        ) { }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices { get; } = [];

    private sealed class Units(ActiveTask turn, int tasks, AdapterForm form, bool frozen)
        : ConditionalUnits(turn, tasks)
    {
        /// <inheritdoc/>
        public override Module<Tensor, Tensor> Unit(ConvolutionShape shape)
        {
            var normalisation = ForEach(() => BatchNorm2d(shape.Outputs));
            return form == AdapterForm.Parallel
                ? new ConditionalUnit(
                    shape,
                    normalisation,
                    parallel: ForEach(() => SilentConvolution(shape.Inputs, shape.Outputs, shape.Stride)),
                    frozen: frozen
                )
                : new ConditionalUnit(
                    shape,
                    normalisation,
                    series: ForEach(() =>
                        Sequential(
                            BatchNorm2d(shape.Outputs, affine: false),
                            SilentConvolution(shape.Outputs, shape.Outputs)
                        )
                    ),
                    frozen: frozen
                );
        }
    }
}

/// <summary>Where a residual adapter stands.</summary>
public enum AdapterForm
{
    /// <summary>Behind the shared convolution, around a shortcut.</summary>
    Series,

    /// <summary>Beside the shared convolution, reading what that reads.</summary>
    Parallel,
}
