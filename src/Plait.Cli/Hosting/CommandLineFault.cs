using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Plait.Catalogue;
using Plait.Cli.Arguments;

namespace Plait.Cli.Hosting;

/// <summary>Says what is wrong with a command line, in one line, and what was probably meant.</summary>
internal static class CommandLineFault
{
    /// <summary>What is wrong; null where nothing is that the parser can see.</summary>
    /// <param name="parsed">What the parser made of it.</param>
    /// <param name="words">The command line.</param>
    public static string? Of(ParseResult parsed, IReadOnlyList<string> words)
    {
        var command = parsed.CommandResult.Command;
        var options = Options(parsed.CommandResult).ToArray();
        var isCommand = command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [[not '-', ..], ..]; // and options are of that one
        if (!isCommand && UnknownOption(parsed, words, options) is { } option)
        {
            return $"{command.Name} has no option '{option}'{NameSuggestion.Hint(option, options)}.";
        }

        if (parsed.Errors.Count == 0)
        {
            return parsed
                .CommandResult.Children.SelectMany(result => new[] { Empty(result), Repeated(result) })
                .FirstOrDefault(fault => fault is not null);
        }

        if (parsed.UnmatchedTokens is not [var unknown, ..])
        {
            return (parsed.Errors[0].SymbolResult is OptionResult misread ? Misread(misread) : null)
                ?? parsed.Errors[0].Message;
        }

        var commands = command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name).ToArray();
        return commands.Length == 0
            ? $"{command.Name} does not take '{unknown}'."
            : $"{command.Name} has no command '{unknown}'{NameSuggestion.Hint(unknown, commands)}; choose from {string.Join(", ", commands)}.";
    }

    /// <summary>The first word that looks like an option and is none, whatever argument or option would take it as its value; null where there is none.</summary>
    /// <remarks>Behind -- all words are arguments; a value that begins with -- is written behind the option and =. A - alone is a file.</remarks>
    private static string? UnknownOption(ParseResult parsed, IReadOnlyList<string> words, string[] options)
    {
        var arguments = parsed
            .CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .Concat(parsed.UnmatchedTokens)
            .ToHashSet(StringComparer.Ordinal);
        return words
            .TakeWhile(word => word != "--")
            .Where(word =>
                word.StartsWith("--", StringComparison.Ordinal) || (word is ['-', _, ..] && arguments.Contains(word))
            )
            .Select(word => word.Split('=', ':')[0])
            .FirstOrDefault(name => !options.Contains(name));
    }

    /// <summary>The options of a command, and those above it that are its own too, under all their names.</summary>
    private static IEnumerable<string> Options(CommandResult command) =>
        command
            .Command.Options.Concat(Above(command).SelectMany(above => above.Options.Where(option => option.Recursive)))
            .SelectMany(option => option.Aliases.Append(option.Name));

    private static IEnumerable<Command> Above(CommandResult command) =>
        command.Parent is CommandResult above ? Above(above).Prepend(above.Command) : [];

    /// <summary>What a number or a switch should be, in place of the parser's words, which name a type of the program; null where the value is one.</summary>
    private static string? Misread(OptionResult result)
    {
        var type = Nullable.GetUnderlyingType(result.Option.ValueType) ?? result.Option.ValueType;
        var expected =
            type == typeof(int) || type == typeof(long) ? "a whole number, and not too large"
            : type == typeof(double) ? "a number"
            : type == typeof(bool) ? "true or false, or stands alone"
            : null;
        return expected is null || result.Tokens is not [{ Value: var text }] || IsRead(type, text)
            ? null
            : $"{result.Option.Name} is {expected}; got '{text}'.";
    }

    private static bool IsRead(Type type, string text) =>
        type == typeof(int) ? int.TryParse(text, CultureInfo.InvariantCulture, out _)
        : type == typeof(long) ? long.TryParse(text, CultureInfo.InvariantCulture, out _)
        : type == typeof(double) ? double.TryParse(text, CultureInfo.InvariantCulture, out _)
        : bool.TryParse(text, out _);

    /// <summary>An empty text is no file, column or method, whatever asks for one.</summary>
    private static string? Empty(SymbolResult result) =>
        result is OptionResult { Implicit: false, Tokens.Count: 0, Option: { HelpName: { } value } bare }
        && bare.ValueType != typeof(bool)
            ? $"{bare.Name} takes {value}; got nothing."
        : result.Tokens.All(token => !string.IsNullOrWhiteSpace(token.Value)) ? null
        : result is OptionResult { Option: var option }
            ? $"{option.Name} takes {option.HelpName ?? "a value"}; got an empty text."
        : result is ArgumentResult { Argument: var argument }
            ? $"{argument.HelpName ?? argument.Name} is needed; got an empty text."
        : null;

    /// <summary>What is said once for each is not said twice of one, whatever it is: a column, a folder or a method.</summary>
    private static string? Repeated(SymbolResult result) =>
        result is OptionResult { Option: var option }
        && NameList.FirstRepeated(result.Tokens.Select(token => token.Value)) is { } twice
            ? NameList.Repeated(option.Name, twice)
            : null;
}
