using System.CommandLine;
using Plait.Cli.Arguments;
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
            if (!IsRead(result.GetValueOrDefault<string>, out var device))
            {
                return;
            }

            try
            {
                Devices.Parse(device);
            }
            catch (Exception failure) when (failure is FormatException or PlatformNotSupportedException)
            {
                result.AddError(failure.Message);
            }
        });
        return option;
    }

    public static Option<long> Seed(string description) =>
        new("--seed")
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => 0,
        };

    public static Option<int> Threads() => Positive("--threads", "Threads within one operation.", 1);

    public static Option<int> Workers() =>
        Positive("--workers", "Trainings side by side, each a process with one thread.", Environment.ProcessorCount);

    public static Option<Duration> CheckpointEvery() =>
        new("--checkpoint-every")
        {
            Description =
                "The time between two checkpoints, which is what a crash may cost: seconds, or a time such as 30s, 5m or 1h.",
            HelpName = "TIME",
            DefaultValueFactory = _ => new Duration(new RunSpecification().CheckpointInterval),
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

    public static Option<int> Positive(string name, string description, int value) => From(1, name, description, value);

    public static Option<int> From(int least, string name, string description, int value) =>
        new Option<int>(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => value,
        }.Require(n => n >= least, $"a whole number from {least}");

    public static Option<int?> PositiveOrNone(string name, string description) =>
        new Option<int?>(name) { Description = description, HelpName = "N" }.Require(
            n => n is null or > 0,
            "a whole number from 1"
        );

    /// <summary>Refuses options that say nothing where they stand.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="with">What they stand with.</param>
    /// <param name="options">Those that say nothing there.</param>
    /// <exception cref="CommandFailure">One of them is given.</exception>
    public static void RequireNone(ParseResult arguments, string with, IEnumerable<Option> options)
    {
        if (options.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } idle)
        {
            throw new CommandFailure(
                $"{idle.Name} has no meaning with {with}; leave it out. See: {DescribedCommand.NameOf(arguments.CommandResult)} --help",
                ExitCode.Usage
            );
        }
    }

    /// <summary>Lets an option refuse values.</summary>
    /// <param name="option">The option.</param>
    /// <param name="isRight">Whether a value is one that it takes.</param>
    /// <param name="expected">What it takes, for the message.</param>
    public static Option<T> Require<T>(this Option<T> option, Predicate<T> isRight, string expected)
    {
        option.Validators.Add(result =>
        {
            if (IsRead(result.GetValueOrDefault<T>, out var value) && !isRight(value))
            {
                result.AddError($"{option.Name} is {expected}.");
            }
        });
        return option;
    }

    /// <summary>The value of an option, unless the parser could not read it; it says so itself.</summary>
    public static bool IsRead<T>(Func<T?> read, out T value)
    {
        try
        {
            value = read()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            value = default!;
            return false;
        }
    }
}
