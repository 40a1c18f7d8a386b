using Plait.Jobs.Plans;
using Spectre.Console;

namespace Plait.Cli.Display;

/// <summary>Shows trainings at work: a bar for each name on a terminal, a line for each quarter elsewhere, nothing when quiet.</summary>
/// <param name="console">Where they are shown.</param>
/// <param name="quiet">Whether they are not.</param>
/// <param name="warn">Takes what a person should know, whether quiet or not.</param>
internal sealed class JobDisplay(IAnsiConsole console, bool quiet, Action<string> warn) : IProgress<PlanProgress>
{
    private readonly bool drawsBars = console.Profile.Capabilities is { Interactive: true, Ansi: true };

    private object? stage;
    private IStageDisplay? shown;

    /// <inheritdoc/>
    public void Report(PlanProgress value)
    {
        if (value.Notice is { } notice)
        {
            warn(notice);
        }
        else if (!quiet)
        {
            Show(value);
        }
    }

    private void Show(PlanProgress value)
    {
        if (!ReferenceEquals(stage, value.Stage))
        {
            stage = value.Stage;
            shown = drawsBars ? new JobBars(console, value) : new JobLines(console, value);
        }

        shown?.Show(value);
        if (value.IsOver)
        {
            shown?.End();
        }
    }
}

/// <summary>Shows the trainings of a stage, several of one name as one.</summary>
internal interface IStageDisplay
{
    /// <summary>Shows how far they have come.</summary>
    void Show(PlanProgress value);

    /// <summary>Leaves what is shown as it is.</summary>
    void End();
}

/// <summary>A bar for each name.</summary>
internal sealed class JobBars : IStageDisplay
{
    private readonly TaskCompletionSource<Dictionary<string, ProgressTask>> begun = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task drawing;

    public JobBars(IAnsiConsole console, PlanProgress value) =>
        drawing = console
            .Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn()
            )
            .StartAsync(context =>
            {
                begun.SetResult(
                    JobLines
                        .NamesOf(value)
                        .Reverse()
                        .ToDictionary(name => name, name => context.AddTask(PrintableText.Escape(name), maxValue: 1))
                );
                return ended.Task;
            });

    public void Show(PlanProgress value)
    {
        foreach (var (name, bar) in begun.Task.GetAwaiter().GetResult())
        {
            bar.Value = value.ShareOf(name);
        }
    }

    public void End()
    {
        ended.TrySetResult();
        drawing.GetAwaiter().GetResult();
    }
}

/// <summary>A line for each quarter of a name.</summary>
/// <remarks>The library's own lines for such consoles leave the last one out.</remarks>
internal sealed class JobLines(IAnsiConsole console, PlanProgress first) : IStageDisplay
{
    private const int Steps = 4;

    private readonly Dictionary<string, int> written = NamesOf(first)
        .ToDictionary(name => name, name => StepsOf(first, name));

    /// <summary>The names of the trainings, each once.</summary>
    public static IEnumerable<string> NamesOf(PlanProgress value) => value.Stage.Select(job => job.Name).Distinct();

    public void Show(PlanProgress value)
    {
        foreach (var name in NamesOf(value))
        {
            var steps = StepsOf(value, name);
            if (steps > written[name])
            {
                written[name] = steps;
                console.WriteLine($"{name}: {100 * steps / Steps}%");
            }
        }
    }

    public void End() { }

    private static int StepsOf(PlanProgress value, string name) => (int)(value.ShareOf(name) * Steps);
}
