using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks.Conditional;

/// <summary>One whole network for each task, trained so that their weighted averages are the trade-offs in between.</summary>
/// <remarks>
/// Dimitriadis, Frossard and Fleuret 2023, <i>Pareto Manifold Learning: Tackling multiple tasks via ensembles of single-task models</i>,
/// section 4: theta(r) = sum of r_t theta_t, and the weighting <c>preference</c> minimises sum of r_t L_t(theta(r)). Every
/// network holds an encoder and the heads of all tasks. Batch normalisation is refused, since its statistics would have to be
/// taken anew for each average.
/// </remarks>
[Method(
    "pamal",
    Survey = "3.6",
    Paper = "Dimitriadis, Frossard and Fleuret 2023, Pareto Manifold Learning: Tackling multiple tasks via ensembles of single-task models",
    Arxiv = "2210.09759",
    Summary = "Pareto manifold learning: averages one network for each task by the preference over the tasks."
)]
public sealed class ParetoManifold : PreferenceNetwork
{
    private readonly Blueprint trunk;
    private readonly Blueprint[] heads;
    private readonly ModuleList<EndpointTensor> trunkTensors;
    private readonly ModuleList<ModuleList<EndpointTensor>> headTensors;

    /// <summary>Builds one network a task, each with parameters of its own.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">The encoder of the first network, of linear layers and convolutions, now owned by this one; the others get replicas.</param>
    /// <param name="headWidths">Hidden widths of each head; none for one linear layer.</param>
    /// <param name="alpha">The concentration of the Dirichlet distribution of preferences in training; above 0.</param>
    /// <exception cref="NotSupportedException">The encoder has other layers.</exception>
    public ParetoManifold(TaskSet tasks, Encoder encoder, int[]? headWidths = null, double alpha = 1)
        : base(tasks, nameof(ParetoManifold), alpha)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        Blueprint[] trunks = [.. encoder.OnePerTask(tasks).Select(part => new Blueprint(part))];
        trunk = trunks[0];
        trunkTensors = Between(trunks);
        heads = new Blueprint[tasks.Count];
        headTensors = [];
        for (var task = 0; task < heads.Length; task++)
        {
            var answered = tasks[task];
            Blueprint[] ofTask =
            [
                .. tasks.Select(_ => new Blueprint(Head.For(answered, encoder.OutputWidth, headWidths))),
            ];
            heads[task] = ofTask[0];
            headTensors.Add(Between(ofTask));
        }

        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters => trunkTensors.parameters();

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) => headTensors[task].parameters();

    /// <inheritdoc/>
    public override bool HasSharedRepresentation => true;

    /// <inheritdoc/>
    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        Answer(input.Values, tasks, outputs, Average());
    }

    /// <inheritdoc/>
    protected override void ForwardGroups(IReadOnlyList<InputGroup> groups, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var average = Average();
        foreach (var (input, tasks) in groups)
        {
            Answer(input.Values, tasks, outputs, average);
        }
    }

    private void Answer(
        Tensor input,
        TaskSelection tasks,
        TaskOutputs outputs,
        (Tensor Shares, Tensor[] Trunk) average
    ) =>
        ForwardHeads(
            outputs,
            tasks,
            (task, parts) =>
                heads[task].Run(parts[0], [.. headTensors[task].Select(tensor => tensor.At(average.Shares))]),
            trunk.Run(input, average.Trunk)
        );

    /// <summary>The preference, [1, tasks], and the average trunk's parameters.</summary>
    private (Tensor Shares, Tensor[] Trunk) Average()
    {
        var shares = PreferenceRow();
        return (shares, [.. trunkTensors.Select(tensor => tensor.At(shares))]);
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

    /// <summary>The tensors of the networks side by side; of their layers only the first network's are kept.</summary>
    private static ModuleList<EndpointTensor> Between(Blueprint[] networks)
    {
        var tensors = new ModuleList<EndpointTensor>([
            .. networks[0].Initial.Select((_, i) => new EndpointTensor(networks.Select(network => network.Initial[i]))),
        ]);
        foreach (var network in networks.Skip(1))
        {
            network.Dispose();
        }

        return tensors;
    }
}
