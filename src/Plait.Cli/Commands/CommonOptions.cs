using System.CommandLine;
using Plait.Torch;
using Plait.Training;

namespace Plait.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<string> Store() =>
        new("--store")
        {
            Description = "The folder of the run store (environment: PLAIT_STORE).",
            HelpName = "DIR",
            DefaultValueFactory = _ =>
                Environment.GetEnvironmentVariable("PLAIT_STORE") is { Length: > 0 } folder ? folder : "plait-runs",
        };

    public static Option<bool> Json() =>
        new("--json") { Description = "Print JSON on the standard output, and nothing else there." };

    public static Option<string> Device()
    {
        var option = new Option<string>("--device")
        {
            Description = "Where to compute: cpu, cuda, cuda:1 or mps.",
            HelpName = "DEVICE",
            DefaultValueFactory = _ => "cpu",
        };
        option.Validators.Add(result =>
        {
            try
            {
                Devices.Parse(result.GetValueOrDefault<string>());
            }
            catch (Exception failure) when (failure is FormatException or PlatformNotSupportedException)
            {
                result.AddError(failure.Message);
            }
        });
        return option;
    }

    public static Option<int> Threads() => Positive("--threads", "Threads within one operation.", 1);

    public static Option<int> Workers() =>
        Positive("--workers", "Trainings side by side, each a process with one thread.", Environment.ProcessorCount);

    public static Option<TimeSpan> CheckpointEvery() =>
        new("--checkpoint-every")
        {
            Description =
                "The time between two checkpoints, which is what a crash may cost: seconds, or a time such as 30s, 5m or 1h.",
            HelpName = "TIME",
            DefaultValueFactory = _ => new RunSpecification().CheckpointInterval,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (Duration.TryParse(text, out var time))
                {
                    return time;
                }

                result.AddError(
                    $"--checkpoint-every is a time above 0 and up to {Duration.Longest.Days} days: seconds, or a number with s, m or h, such as 30s or 5m; got '{text}'."
                );
                return default;
            },
        };

    public static Option<int> Positive(string name, string description, int value) =>
        Checked(
            new Option<int>(name)
            {
                Description = description,
                HelpName = "N",
                DefaultValueFactory = _ => value,
            },
            n => n > 0
        );

    public static Option<int?> PositiveOrNone(string name, string description) =>
        Checked(new Option<int?>(name) { Description = description, HelpName = "N" }, n => n is null or > 0);

    private static Option<T> Checked<T>(Option<T> option, Predicate<T> isRight)
    {
        option.Validators.Add(result =>
        {
            if (!isRight(result.GetValueOrDefault<T>()!))
            {
                result.AddError($"{option.Name} is a whole number from 1.");
            }
        });
        return option;
    }
}
