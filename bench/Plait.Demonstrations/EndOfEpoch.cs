using Plait.Training;

namespace Plait.Demonstrations;

/// <summary>Does something whenever an epoch of a training has ended, such as measuring the network as it then is.</summary>
/// <param name="act">Called in the thread that trains.</param>
internal sealed class EndOfEpoch(Action<EpochRecord> act) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Finished is { } finished)
        {
            act(finished);
        }
    }
}
