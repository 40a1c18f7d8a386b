using static TorchSharp.torch.nn;

namespace Plait.Relationships.Embedding.Studies;

/// <summary>A network that imitates all tasks alike, since it is not told which one it acts in: what a task's embedding has to beat.</summary>
internal sealed class TaskAgnosticController : IDisposable
{
    private readonly Module<Tensor, Tensor> network;

    /// <param name="layout">Sizes; the hidden widths are those of the network that is told.</param>
    public TaskAgnosticController(DemonstrationLayout layout)
    {
        var layers = new List<Module<Tensor, Tensor>>();
        var inputs = layout.Observations.Count;
        foreach (var width in layout.Hidden)
        {
            layers.Add(Linear(inputs, width));
            layers.Add(ReLU());
            inputs = width;
        }

        layers.Add(Linear(inputs, layout.Actions.Count));
        network = Sequential(layers);
    }

    /// <summary>Learns from the episodes that the other network learns from, support and query alike.</summary>
    public void Train(IEnumerable<TaskDemonstrations> episodes, double learningRate, CancellationToken cancel)
    {
        using var optimizer = torch.optim.Adam(network.parameters(), learningRate);
        using var reader = episodes.GetEnumerator();
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            if (!reader.MoveNext())
            {
                return;
            }

            var episode = reader.Current;
            var loss = Error(episode.SupportObservations, episode.SupportActions)
                .add(Error(episode.QueryObservations, episode.QueryActions));
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }
    }

    /// <summary>The mean square error of its actions.</summary>
    /// <param name="observations">[..., observations].</param>
    /// <param name="actions">[..., actions].</param>
    public Tensor Error(Tensor observations, Tensor actions) =>
        functional.mse_loss(network.call(observations), actions);

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}
