using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Training;

/// <summary>The losses of a data set, batch after batch of each task's stream.</summary>
/// <remarks>Its state is where each task stands in its stream. A step takes one batch, or as many as a recipe accumulates.</remarks>
public sealed class DataObjectiveSource : IObjectiveSource
{
    private readonly MultiTaskDataLoader data;
    private readonly long[] places;
    private ObjectiveRequest? asked; // from Begin on
    private FlatParameters? storage; // from Begin on
    private StepBatches? step;

    /// <summary>Says where the batches come from.</summary>
    /// <param name="data">The batches; whoever made them disposes of them.</param>
    public DataObjectiveSource(MultiTaskDataLoader data)
    {
        ArgumentNullException.ThrowIfNull(data);
        this.data = data;
        places = new long[data.Tasks.Count];
    }

    /// <inheritdoc/>
    public DataSizes Sizes => data.Sizes;

    /// <inheritdoc/>
    public bool SharesRows => data.Streams.AreShared;

    /// <inheritdoc/>
    public void Require(MultiTaskNetwork network) => RowKinds.Require(network, data);

    /// <inheritdoc/>
    public int Begin(ObjectiveRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        asked = request;
        storage = request.Network.Storage;
        Array.Clear(places);
        return ((request.Draws - 1) / request.AccumulatedBatches) + 1;
    }

    /// <inheritdoc/>
    public IObjective? Next(TaskSelection tasks, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (asked is null || storage is null)
        {
            throw new InvalidOperationException("The source is asked for a step before its run has begun.");
        }

        EndStep(); // of a step that was broken off
        var left = asked.Draws - (step.StepInEpoch * asked.AccumulatedBatches);
        var count = Math.Min(asked.AccumulatedBatches, left);
        var batches = StepBatches.Read(data, tasks, places, count, storage.Values.device, storage.Values.dtype);
        this.step = batches;
        return batches.Labelled.Count == 0
            ? null
            : new DataObjective(
                asked.Network,
                asked.Auxiliaries,
                batches.Labelled,
                number => batches.Others(number, step),
                step
            );
    }

    /// <inheritdoc/>
    public void EndStep()
    {
        step?.Dispose();
        step = null;
    }

    /// <inheritdoc/>
    public void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("places", places);
    }

    /// <inheritdoc/>
    public void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var past = state.Integers("places");
        if (past.Length != places.Length)
        {
            throw new InvalidDataException(
                $"The file says where {past.Length} tasks stand in their batches, and there are {places.Length}: it belongs to another data set."
            );
        }

        past.CopyTo(places, 0);
    }
}
