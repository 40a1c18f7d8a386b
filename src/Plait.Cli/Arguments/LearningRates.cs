using System.CommandLine;
using System.Globalization;
using Plait.Catalogue;
using Plait.Training;

namespace Plait.Cli.Arguments;

/// <summary>What <c>--learning-rate</c> says: the optimizer's rate, and those of groups of parameters.</summary>
/// <param name="Base">The optimizer's; null where it is not said.</param>
/// <param name="Groups">Those of groups, as <see cref="GroupSetting"/> reads them.</param>
internal sealed record LearningRates(double? Base, IReadOnlyList<string> Groups)
{
    private const string Name = "--learning-rate";
    private const string Option = "learning-rate";

    /// <summary>The option.</summary>
    public static Option<string[]> Given() =>
        new(Name)
        {
            Description =
                "The optimizer's learning rate, such as 0.001, or that of a group of parameters: encoder=0.1x for a tenth of the others', encoder=0.0001, or encoder=0 to freeze it. Once for each; a wrong name lists the groups.",
            HelpName = "RATE",
        };

    /// <summary>Reads the option.</summary>
    /// <param name="texts">What was given.</param>
    /// <exception cref="CommandFailure">It is no rate, or the optimizer's is said twice.</exception>
    public static LearningRates Parse(IReadOnlyList<string> texts)
    {
        string[] groups = [.. texts.Where(text => text.Contains('='))];
        string[] own = [.. texts.Where(text => !text.Contains('='))];
        if (own.Length > 1)
        {
            throw Fault($"{Name} says the optimizer's rate once; got {string.Join(" and ", own)}.");
        }

        try
        {
            foreach (var group in groups)
            {
                GroupSetting.Parse(group);
            }
        }
        catch (FormatException fault)
        {
            throw Fault($"{Name}: {fault.Message}");
        }

        return new LearningRates(own.Length == 0 ? null : Number(own[0]), groups);
    }

    /// <summary>The first setting that means one group of several alike, such as heads.churn=2x; null for none.</summary>
    public string? OfSingle =>
        Groups.FirstOrDefault(text => GroupSetting.Parse(text).Name.Contains('.', StringComparison.Ordinal));

    /// <summary>The setting that freezes the encoder; null for none.</summary>
    public string? OfFrozenEncoder =>
        Groups.FirstOrDefault(text => GroupSetting.Parse(text) is { Frozen: true, Name: "encoder" });

    /// <summary>An optimizer with the rate, where one is said.</summary>
    /// <param name="optimizer">As it is written.</param>
    /// <param name="isDefault">Whether it was not said, so that a rate of its own is to give way.</param>
    /// <exception cref="CommandFailure">Both say a rate.</exception>
    public string Of(string optimizer, bool isDefault)
    {
        if (Base is not { } rate)
        {
            return optimizer;
        }

        var parsed = MethodSpecification.Parse(optimizer);
        if (!isDefault && parsed.Options.ContainsKey(Option))
        {
            throw Fault($"{Name} {rate} and --optimizer {optimizer} both say the learning rate; say it once.");
        }

        var options = parsed
            .Options.Where(option => option.Key != Option)
            .Select(option => $"{option.Key}={option.Value}")
            .Prepend(string.Create(CultureInfo.InvariantCulture, $"{Option}={rate:R}"));
        return $"{parsed.Name}:{string.Join(',', options)}";
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
        && rate > 0
        && double.IsFinite(rate)
            ? rate
            : throw Fault(
                $"{Name} is a number above 0, such as 0.001, or a group's, such as encoder=0.1x; got '{text}'."
            );

    private static CommandFailure Fault(string message) => new(message, ExitCode.Usage);
}
