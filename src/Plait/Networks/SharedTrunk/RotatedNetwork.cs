using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SharedTrunk;

/// <summary>Hard parameter sharing in which each task turns the shared features its own way before its head reads them.</summary>
/// <remarks>
/// Javaloy and Valera 2022, <i>RotoGrad: Gradient Homogenization in Multitask Learning</i>, section 4: R_t z for a rotation R_t that the
/// task learns, the identity at the start. The aggregator <c>rotograd</c> learns the rotations so that the tasks' gradients
/// point the same way; with any other they learn from their own task's loss.
/// </remarks>
[Method(
    "rotated",
    Survey = "2.1",
    Paper = "Javaloy and Valera 2022, RotoGrad: Gradient Homogenization in Multitask Learning",
    Arxiv = "2103.02631",
    Summary = "Hard parameter sharing with one learned rotation of the shared features for each task."
)]
public sealed class RotatedNetwork : MultiTaskNetwork
{
    private readonly Encoder encoder;
    private readonly ModuleList<Rotation> rotations;
    private readonly ModuleList<Module<Tensor, Tensor>> heads;
    private readonly double rotationRate;

    /// <summary>Puts one rotation and one head a task on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">The shared part, now owned by this network.</param>
    /// <param name="headWidths">Hidden widths of each head; none for one linear layer.</param>
    /// <param name="rotatedWidth">How many features are rotated, from the first on; all when null.</param>
    /// <param name="rotationRate">
    /// How many times the recipe's learning rate the rotations take, above 0. The paper's convergence wants them slower than the
    /// rest; the tenth is a choice of this library.
    /// </param>
    /// <exception cref="ArgumentException">The width is not within the encoder's, or the rate is not above 0.</exception>
    public RotatedNetwork(
        TaskSet tasks,
        Encoder encoder,
        int[]? headWidths = null,
        int? rotatedWidth = null,
        double rotationRate = 0.1
    )
        : base(tasks, nameof(RotatedNetwork))
    {
        ArgumentNullException.ThrowIfNull(encoder);
        var width = rotatedWidth ?? encoder.OutputWidth;
        if (width < 1 || width > encoder.OutputWidth)
        {
            throw new ArgumentException(
                $"The rotated width is from 1 to the encoder's {encoder.OutputWidth} features; got {width}.",
                nameof(rotatedWidth)
            );
        }

        if (!double.IsFinite(rotationRate) || rotationRate <= 0)
        {
            throw new ArgumentException(
                $"The rotations' learning rate is a positive multiple of the recipe's; got {rotationRate}.",
                nameof(rotationRate)
            );
        }

        this.encoder = encoder;
        this.rotationRate = rotationRate;
        rotations = new ModuleList<Rotation>([.. tasks.Select(_ => new Rotation(width))]);
        heads = new ModuleList<Module<Tensor, Tensor>>([
            .. tasks.Select(task => Head.For(task, encoder.OutputWidth, headWidths)),
        ]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters => encoder.parameters();

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) =>
        [.. rotations[task].parameters(), .. heads[task].parameters()];

    /// <inheritdoc/>
    public override bool HasSharedRepresentation => true;

    /// <inheritdoc/>
    /// <remarks>The features as all tasks share them; the rotation counts as part of the head.</remarks>
    public override FeatureSpec FeatureSpecOf(int task) => new VectorFeatures(encoder.OutputWidth);

    /// <inheritdoc/>
    public override long RepresentationChannels => encoder.OutputWidth;

    /// <inheritdoc/>
    /// <remarks>The angles are "rotations".</remarks>
    public override IReadOnlyList<ParameterGroup> ParameterGroups =>
        base.ParameterGroups.SetApart(
            new ParameterGroup("rotations", [.. rotations.Select(rotation => rotation.Angles)])
            {
                LearningRateScale = rotationRate,
            }
        );

    /// <inheritdoc/>
    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        ForwardHeads(outputs, tasks, (task, features) => Answer(task, features[0]), encoder.FlatFeatures(input));
    }

    /// <summary>How a task turns the first of the shared features, [rotated width, rotated width], tied to <see cref="AnglesOf"/>.</summary>
    internal Tensor RotationOf(int task) => rotations[task].Matrix();

    /// <summary>What the rotation of a task is made of.</summary>
    internal Parameter AnglesOf(int task) => rotations[task].Angles;

    private Tensor Answer(int task, Tensor features) => heads[task].call(rotations[task].call(features));
}
