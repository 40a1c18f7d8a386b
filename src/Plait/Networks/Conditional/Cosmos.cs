using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Conditional;

/// <summary>An ordinary network that sees the preference beside its input: as further numbers of a row, or as further channels of an image.</summary>
/// <remarks>
/// Ruchte and Grabocka 2021, <i>Scalable Pareto Front Approximation for Deep Multi-Objective Learning</i>, section 4. The weighting
/// <c>cosmos</c> is the objective that belongs to it. For images the preference goes through two transposed convolutions to 10 x 10
/// pixels and is enlarged to the image's size.
/// </remarks>
[Method(
    "cosmos",
    Survey = "3.6",
    Paper = "Ruchte and Grabocka 2021, Scalable Pareto Front Approximation for Deep Multi-Objective Learning",
    Arxiv = "2103.13392",
    Summary = "COSMOS: hard parameter sharing that sees the preference over the tasks beside its input."
)]
public sealed class Cosmos : PreferenceNetwork
{
    private readonly Encoder encoder;
    private readonly ModuleList<Module<Tensor, Tensor>> heads;
    private readonly Module<Tensor, Tensor> spread;
    private readonly bool seesImages;
    private readonly ImageNormalisation? normalisation;

    /// <summary>Widens an encoder by the preference and puts one head a task on it.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">An encoder of the data; one of its make with a wider input takes its place.</param>
    /// <param name="headWidths">Hidden widths of each head; none for one linear layer.</param>
    /// <param name="alpha">The concentration of the Dirichlet distribution of preferences in training; above 0.</param>
    /// <exception cref="NotSupportedException">The encoder has an input of fixed size.</exception>
    public Cosmos(TaskSet tasks, Encoder encoder, int[]? headWidths = null, double alpha = 1.2)
        : base(tasks, nameof(Cosmos), alpha)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        var shape = encoder.InputShape;
        seesImages = shape.Count == 3;
        normalisation = encoder.Normalisation;
        this.encoder = encoder.WithInput([shape[0] + tasks.Count, .. shape.Skip(1)]);
        encoder.Dispose();
        spread = seesImages
            ? Sequential(
                ConvTranspose2d(tasks.Count, tasks.Count, 4),
                ReLU(),
                ConvTranspose2d(tasks.Count, tasks.Count, 6, stride: 2, padding: 1),
                ReLU(),
                Upsample(size: [shape[1], shape[2]])
            )
            : Identity();
        heads = new ModuleList<Module<Tensor, Tensor>>([
            .. tasks.Select(task => Head.For(task, this.encoder.OutputWidth, headWidths)),
        ]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters => [.. spread.parameters(), .. encoder.parameters()];

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) => heads[task].parameters();

    /// <inheritdoc/>
    public override bool HasSharedRepresentation => true;

    /// <inheritdoc/>
    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        Answer(input.Values, tasks, outputs, Spread());
    }

    /// <inheritdoc/>
    protected override void ForwardGroups(IReadOnlyList<InputGroup> groups, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var beside = Spread();
        foreach (var (input, tasks) in groups)
        {
            Answer(input.Values, tasks, outputs, beside);
        }
    }

    private void Answer(Tensor input, TaskSelection tasks, TaskOutputs outputs, Tensor beside) =>
        ForwardHeads(
            outputs,
            tasks,
            (task, features) => heads[task].call(features[0]),
            encoder.FlatFeatures(Beside(input, beside))
        );

    /// <summary>The preference as it stands beside an input: [1, tasks], or [1, channels, height, width].</summary>
    private Tensor Spread()
    {
        var preference = PreferenceRow();
        return seesImages ? spread.call(preference.view(1, Tasks.Count, 1, 1)) : preference;
    }

    /// <summary>The preference is no channel of the image, so that only the image is normalised.</summary>
    private Tensor Beside(Tensor input, Tensor preference)
    {
        var images = normalisation?.Apply(input) ?? input;
        var rows = seesImages || images.dim() == 2 ? images : images.flatten(1);
        return torch.cat([rows, preference.expand([rows.shape[0], .. preference.shape[1..]])], 1);
    }
}
