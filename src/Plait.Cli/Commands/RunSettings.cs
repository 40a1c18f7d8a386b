using System.CommandLine;
using Plait.Cli.Arguments;
using Plait.Training;

namespace Plait.Cli.Commands;

/// <summary>The options of a command that say how its trainings go, made of the settings of a <see cref="RunSpecification"/>.</summary>
internal sealed class RunSettings
{
    private readonly (RunSetting Setting, Option Option)[] options;

    /// <summary>Makes the options.</summary>
    /// <param name="defaults">What holds where nothing is said; help shows it.</param>
    /// <param name="chosen">The settings that the command has, by their properties.</param>
    /// <param name="left">The settings of which something else decides where nothing is said, by their properties; help shows no value of theirs.</param>
    /// <param name="to">Who decides of them: "the benchmark's".</param>
    public RunSettings(
        RunSpecification defaults,
        Predicate<string> chosen,
        Predicate<string>? left = null,
        string to = ""
    )
    {
        options =
        [
            .. RunSetting
                .All.Where(setting => chosen(setting.Property))
                .Select(setting =>
                    left?.Invoke(setting.Property) == true
                        ? (setting, Of(setting, $"{setting.Summary.TrimEnd('.')}; {to} by default.", null))
                        : (setting, Of(setting, setting.Summary, setting.Of(defaults)))
                ),
        ];
    }

    /// <summary>The learning rates of the optimizer and of groups of parameters.</summary>
    public Option<string[]> Rates { get; } = LearningRates.Given();

    /// <summary>The options, <see cref="Rates"/> left out.</summary>
    public IEnumerable<Option> Options => options.Select(one => one.Option);

    /// <summary>A specification with what a command line says.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="run">What holds where it says nothing.</param>
    /// <exception cref="CommandFailure">The learning rates are none, or said twice.</exception>
    public RunSpecification Apply(ParseResult arguments, RunSpecification run)
    {
        var optimizer = false;
        foreach (var (setting, option) in options.Where(one => IsGiven(one.Option)))
        {
            run = setting.With(run, ValueOf(option));
            optimizer |= setting.Property == nameof(RunSpecification.Optimizer);
        }

        if (!IsGiven(Rates))
        {
            return run;
        }

        var rates = LearningRates.Parse(arguments.GetValue(Rates) ?? []);
        return run with
        {
            Optimizer = rates.Of(run.Optimizer, isDefault: !optimizer),
            Groups = rates.Groups.Count > 0 ? rates.Groups : run.Groups,
        };

        bool IsGiven(Option option) => arguments.GetResult(option) is { Implicit: false };

        object? ValueOf(Option option) =>
            option switch
            {
                Option<string?> text => arguments.GetValue(text),
                Option<string[]> texts => arguments.GetValue(texts),
                Option<int?> number => arguments.GetValue(number),
                Option<double?> number => arguments.GetValue(number),
                _ => arguments.GetValue((Option<Duration>)option).Time,
            };
    }

    /// <summary>Whether a command line says a setting.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="property">The setting's property.</param>
    public bool Says(ParseResult arguments, string property) =>
        Array.Exists(
            options,
            one => one.Setting.Property == property && arguments.GetResult(one.Option) is { Implicit: false }
        );

    private static Option Of(RunSetting setting, string summary, object? value)
    {
        var name = $"--{setting.Name}";
        return setting.Type switch
        {
            _ when setting.Property == nameof(RunSpecification.Device) => CommonOptions.Device(),
            var type when type == typeof(TimeSpan) => CommonOptions.CheckpointEvery(),
            var type when type == typeof(IReadOnlyList<string>) => new Option<string[]>(name)
            {
                Description = summary,
                HelpName = setting.ValueName,
            },
            var type when type == typeof(string) => Shown(new Option<string?>(name), summary, setting, (string?)value),
            var type when type == typeof(double?) => Shown(new Option<double?>(name), summary, setting, (double?)value)
                .Require(number => number is null or (> 0 and < double.PositiveInfinity), "a number above 0"),
            _ => Shown(new Option<int?>(name), summary, setting, (int?)value)
                .Require(number => number is null || number >= setting.Least, $"a whole number from {setting.Least}"),
        };
    }

    private static Option<T> Shown<T>(Option<T> option, string summary, RunSetting setting, T value)
    {
        (option.Description, option.HelpName) = (summary, setting.ValueName);
        if (value is not null)
        {
            option.DefaultValueFactory = _ => value;
        }

        return option;
    }
}
