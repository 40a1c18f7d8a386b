using Plait.Cli.Display;
using Plait.Training;

namespace Plait.Cli.Tests.Commands;

/// <summary>Does something between a training's end and what is made of it.</summary>
internal sealed class AfterwardsDisplay(Action something) : ITrainingDisplay
{
    public T While<T>(Func<IProgress<TrainingProgress>, T> work)
    {
        var result = new NoDisplay().While(work);
        something();
        return result;
    }
}
