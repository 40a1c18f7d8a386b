using System.Globalization;
using Plait.Cli.Arguments;

namespace Plait.Cli.Relationships;

/// <summary>Numbers that belong to tasks, as given on the command line: task=2, one a time or as a list.</summary>
internal static class NamedNumbers
{
    /// <param name="option">The option's name, for errors.</param>
    /// <param name="given">What was given for it.</param>
    /// <exception cref="CommandFailure">A part is no name with a number, or a name comes twice.</exception>
    public static IReadOnlyDictionary<string, double> Parse(string option, IEnumerable<string> given)
    {
        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var part in given.SelectMany(NameList.Split))
        {
            var at = part.LastIndexOf('=');
            if (
                at < 1
                || !double.TryParse(part[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                || !double.IsFinite(number)
                || number < 0
            )
            {
                throw new CommandFailure(
                    $"{option} takes a task and a number that is not negative, such as {option} depth=2; got '{part}'.",
                    ExitCode.Usage
                );
            }

            var name = part[..at].Trim();
            if (!numbers.TryAdd(name, number))
            {
                throw new CommandFailure(NameList.Repeated(option, name), ExitCode.Usage);
            }
        }

        return numbers;
    }
}
