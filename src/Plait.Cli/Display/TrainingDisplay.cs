using System.Globalization;
using Plait.Training;
using Spectre.Console;

namespace Plait.Cli.Display;

/// <summary>Shows one training at work.</summary>
internal interface ITrainingDisplay
{
    /// <summary>Shows work while it goes on.</summary>
    /// <param name="work">Does the work; tells what it is given how it goes.</param>
    T While<T>(Func<IProgress<TrainingProgress>, T> work);
}

/// <summary>Shows nothing.</summary>
internal sealed class NoDisplay : ITrainingDisplay
{
    public T While<T>(Func<IProgress<TrainingProgress>, T> work) => work(new Nothing());

    private sealed class Nothing : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) { }
    }
}

/// <summary>Shows a bar of epochs on a terminal, with the validation loss.</summary>
internal sealed class TrainingBar(IAnsiConsole console) : ITrainingDisplay
{
    public T While<T>(Func<IProgress<TrainingProgress>, T> work) =>
        console
            .Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn()
            )
            .Start(context =>
            {
                var bar = context.AddTask("training");
                var result = work(new Bar(bar));
                bar.Value = bar.MaxValue; // a training that stopped early is done too
                return result;
            });

    private sealed class Bar(ProgressTask bar) : IProgress<TrainingProgress>
    {
        private double best = double.PositiveInfinity;

        public void Report(TrainingProgress value)
        {
            bar.MaxValue = value.Epochs;
            bar.Value = value.Epoch + ((double)value.StepInEpoch / value.StepsPerEpoch);
            if (value.Finished is { } epoch)
            {
                bar.Description = Describe(value, epoch);
            }
        }

        private string Describe(TrainingProgress value, EpochRecord epoch)
        {
            var done = $"epoch {value.Epoch} of {value.Epochs}";
            if (epoch.Validation is not { } validation)
            {
                return done;
            }

            best = Math.Min(best, validation.TotalLoss);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{done}, validation loss {validation.TotalLoss:0.0000} (best {best:0.0000})"
            );
        }
    }
}
