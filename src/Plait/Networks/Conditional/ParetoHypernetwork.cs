using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Conditional;

/// <summary>A network that writes the parameters of another one, which shares its encoder between the tasks, for each preference.</summary>
/// <remarks>
/// Navon, Shamsian, Chechik and Fetaya 2021, <i>Learning the Pareto Front with Hypernetworks</i>, section 4. With the weighting
/// <c>preference</c> it is their PHN-LS, with the aggregator <c>epo</c> PHN-EPO, and with <c>pareto-mtl</c> the controllable Pareto
/// multi-task learning of Lin et al. 2020 (arXiv 2010.06313).
/// </remarks>
[Method(
    "phn",
    Survey = "3.6",
    Paper = "Navon, Shamsian, Chechik and Fetaya 2021, Learning the Pareto Front with Hypernetworks",
    Arxiv = "2010.04104",
    Summary = "Pareto hypernetwork: writes the parameters of encoder and heads for each preference over the tasks."
)]
public sealed class ParetoHypernetwork : PreferenceNetwork
{
    private readonly Blueprint trunk;
    private readonly Blueprint[] heads;
    private readonly Sequential body;
    private readonly TensorGenerator trunkGenerator;
    private readonly ModuleList<TensorGenerator> headGenerators;

    /// <summary>Builds the network that writes.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">The shared part of the network that is written, of linear layers and convolutions; now owned by this one.</param>
    /// <param name="headWidths">Hidden widths of each head; none for one linear layer.</param>
    /// <param name="hidden">The width of the three layers that read the preference; 1 or more.</param>
    /// <param name="alpha">The concentration of the Dirichlet distribution of preferences in training; above 0.</param>
    /// <exception cref="NotSupportedException">The encoder has other layers.</exception>
    public ParetoHypernetwork(
        TaskSet tasks,
        Encoder encoder,
        int[]? headWidths = null,
        int hidden = 100,
        double alpha = 0.2
    )
        : base(tasks, nameof(ParetoHypernetwork), alpha)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        trunk = new Blueprint(encoder);
        heads = [.. tasks.Select(task => new Blueprint(Head.For(task, encoder.OutputWidth, headWidths)))];
        body = Sequential(Linear(tasks.Count, hidden), ReLU(), Linear(hidden, hidden), ReLU(), Linear(hidden, hidden));
        trunkGenerator = new TensorGenerator(hidden, trunk.Initial);
        headGenerators = new ModuleList<TensorGenerator>([
            .. heads.Select(head => new TensorGenerator(hidden, head.Initial)),
        ]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters => [.. body.parameters(), .. trunkGenerator.parameters()];

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) => headGenerators[task].parameters();

    /// <inheritdoc/>
    public override bool HasSharedRepresentation => true;

    /// <inheritdoc/>
    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        Answer(input.Values, tasks, outputs, Write());
    }

    /// <inheritdoc/>
    protected override void ForwardGroups(IReadOnlyList<InputGroup> groups, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var written = Write();
        foreach (var (input, tasks) in groups)
        {
            Answer(input.Values, tasks, outputs, written);
        }
    }

    private void Answer(
        Tensor input,
        TaskSelection tasks,
        TaskOutputs outputs,
        (Tensor Preference, IReadOnlyList<Tensor> Trunk) written
    ) =>
        ForwardHeads(
            outputs,
            tasks,
            (task, parts) => heads[task].Run(parts[0], headGenerators[task].Generate(parts[1])),
            trunk.Run(input, written.Trunk),
            written.Preference
        );

    /// <summary>The preference as generators read it, [1, hidden], and the trunk's parameters.</summary>
    private (Tensor Preference, IReadOnlyList<Tensor> Trunk) Write()
    {
        var preference = body.call(PreferenceRow());
        return (preference, trunkGenerator.Generate(preference));
    }

    /// <inheritdoc/>
    public override void train(bool train = true)
    {
        base.train(train);
        trunk.Train(train);
        Array.ForEach(heads, head => head.Train(train));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            trunk.Dispose();
            Array.ForEach(heads, head => head.Dispose());
        }

        base.Dispose(disposing);
    }
}
