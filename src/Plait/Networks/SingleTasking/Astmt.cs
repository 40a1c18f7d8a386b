using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SingleTasking;

/// <summary>One encoder that attends to one task at a time: squeeze-and-excitation, adapters and normalisation of each task's own in every block.</summary>
/// <remarks>
/// <para>Maninis, Radosavovic and Kokkinos 2019, <i>Attentive Single-Tasking of Multiple Tasks</i>, sections 3.1 and 3.2. In each block a 1 x 1
/// adapter stands beside every larger convolution, starting at zero; a task's excitations scale the channels of the residual branch; the
/// stem is shared with its normalisation, as in the authors' code, and gone through once. With stochastic gradient descent, as there,
/// everything that belongs to one task takes the learning rate as many times as there are tasks, since it learns from one loss where
/// shared filters learn from all. Adam takes that difference out of its steps itself.</para>
/// <para>The paper starts from SE-ResNets of 26, 50 and 101 layers. Where the encoder has excitations (<c>excitation=16</c>, the authors'
/// weights loaded by name), those of every task start from them; else they start at random. The authors' bottleneck with
/// layers of each task strides in its first 1 x 1 convolution and dilates the first block of a dilated stage in full; here blocks are those of
/// <see cref="ResidualNetwork"/>.</para>
/// <para>The paper conditions one shared decoder in the same way; here each task has a head of its own. Its adversary (section 3.3) is
/// <see cref="Optimization.GradientModulation.AdversarialGradients"/>, which reads the features of each task's pass. One pass a task.</para>
/// </remarks>
[Method(
    "astmt",
    Survey = "2.1",
    Paper = "Maninis, Radosavovic and Kokkinos 2019, Attentive Single-Tasking of Multiple Tasks",
    Arxiv = "1904.08918",
    Summary = "One residual encoder with squeeze-and-excitation, adapters and normalisation of each task's own in every block."
)]
public sealed class Astmt : TaskConditionalNetwork
{
    private readonly double? privateRate;

    /// <summary>Puts each task's layers into every block, and a head a task on the encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">A residual encoder, copied with what it has learned.</param>
    /// <param name="reduction">How many times fewer hidden units an excitation has than channels, 1 or more; there is one at least.</param>
    /// <param name="adapters">Whether a 1 x 1 convolution of each task's own stands beside every larger one.</param>
    /// <param name="privateRate">
    /// How many times the recipe's learning rate everything takes that belongs to one task, above 0; when null as many times as there are
    /// tasks with stochastic gradient descent, as in the authors' code, and once with an optimizer like Adam.
    /// </param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="NotSupportedException">The encoder is no residual network.</exception>
    /// <exception cref="ArgumentException">The reduction or the private rate is not positive.</exception>
    public Astmt(
        TaskSet tasks,
        Encoder encoder,
        int reduction = 16,
        bool adapters = true,
        double? privateRate = null,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : this(tasks, encoder, reduction, adapters, new ActiveTask(), headWidths, head)
    {
        if (privateRate is { } times && (!double.IsFinite(times) || times <= 0))
        {
            throw new ArgumentException(
                $"The private rate is a positive multiple of the recipe's learning rate; got {times}.",
                nameof(privateRate)
            );
        }

        this.privateRate = privateRate;
    }

    private Astmt(
        TaskSet tasks,
        Encoder encoder,
        int reduction,
        bool adapters,
        ActiveTask turn,
        int[]? headWidths,
        DenseHead? head
    )
        : base(
            tasks,
            nameof(Astmt),
            turn,
            new Units(turn, tasks.Count, Positive(reduction), adapters).Rebuild(encoder),
            [],
            headWidths,
            head
        ) { }

    /// <inheritdoc/>
    /// <remarks>What is a task's own is only touched by its own loss, in one step of as many as there are tasks.</remarks>
    public override IReadOnlyList<ParameterGroup> ParameterGroups
    {
        get
        {
            var shared = SharedParameters.ToHashSet(ReferenceEqualityComparer.Instance);
            return
            [
                .. base.ParameterGroups.Select(group =>
                    shared.Contains(group.Parameters[0])
                        ? group
                        : group with
                        {
                            LearningRateScale = privateRate ?? Tasks.Count,
                            AdaptiveLearningRateScale = privateRate ?? 1,
                        }
                ),
            ];
        }
    }

    private static int Positive(int reduction)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(reduction);
        return reduction;
    }

    private sealed class Units(ActiveTask turn, int tasks, int reduction, bool adapters) : ConditionalUnits(turn, tasks)
    {
        /// <inheritdoc/>
        public override Module<Tensor, Tensor> Unit(ConvolutionShape shape) =>
            shape.Role == ConvolutionRole.Stem
                ? new ConditionalUnit(shape, BatchNorm2d(shape.Outputs))
                : new ConditionalUnit(
                    shape,
                    ForEach(() => BatchNorm2d(shape.Outputs)),
                    parallel: adapters && shape.Window > 1
                        ? ForEach(() => SilentConvolution(shape.Inputs, shape.Outputs, shape.Stride))
                        : null
                );

        /// <inheritdoc/>
        protected override bool TakesExcitations => true;

        /// <inheritdoc/>
        public override Module<Tensor, Tensor> AfterBlock(long channels) =>
            ForEach(() => new SqueezeExcitation(channels, reduction));
    }
}
