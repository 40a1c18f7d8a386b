using Plait.Cli.Display;
using Plait.Training;

namespace Plait.Cli.Tests.Commands;

/// <summary>Presses Ctrl-C when an epoch has ended.</summary>
internal sealed class StoppingDisplay(int epoch, CancellationTokenSource stop) : ITrainingDisplay
{
    public T While<T>(Func<IProgress<TrainingProgress>, T> work) => work(new Watch(epoch, stop));

    private sealed class Watch(int epoch, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Finished?.Epoch == epoch)
            {
                stop.Cancel();
            }
        }
    }
}
