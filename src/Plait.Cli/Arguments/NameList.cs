namespace Plait.Cli.Arguments;

/// <summary>Names as the command line has them: one, or several with commas between, each once.</summary>
internal static class NameList
{
    /// <param name="option">The option's name, for errors.</param>
    /// <param name="text">What was given for it; null where nothing was.</param>
    /// <returns>The names in their order; null where nothing was given.</returns>
    /// <exception cref="CommandFailure">There is no name, or one comes twice.</exception>
    public static string[]? Parse(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        string[] names = [.. Split(text)];
        if (names.Length == 0)
        {
            throw new CommandFailure($"{option} takes names with commas between; got '{text}'.", ExitCode.Usage);
        }

        RequireOnce(option, names);
        return names;
    }

    /// <summary>The parts of a list, whatever they are.</summary>
    public static IEnumerable<string> Split(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Refuses what comes twice.</summary>
    /// <param name="option">The option's name, for errors.</param>
    /// <param name="names">What was given for it.</param>
    /// <exception cref="CommandFailure">A name comes twice.</exception>
    public static void RequireOnce(string option, IEnumerable<string> names)
    {
        if (FirstRepeated(names) is { } twice)
        {
            throw new CommandFailure(Repeated(option, twice), ExitCode.Usage);
        }
    }

    /// <summary>The first text that comes twice; null where each comes once.</summary>
    public static string? FirstRepeated(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return names.FirstOrDefault(name => !seen.Add(name));
    }

    /// <summary>Says that a text comes twice.</summary>
    public static string Repeated(string option, string text) => $"{option} names '{text}' twice; name it once.";
}
