using System.CommandLine;
using System.CommandLine.Parsing;
using Plait.Catalogue;

namespace Plait.Cli;

/// <summary>Says what is wrong with a command line, in one line, and what was probably meant.</summary>
internal static class CommandLineFault
{
    /// <summary>What is wrong; null where nothing is that the parser can see.</summary>
    public static string? Of(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
        {
            return parsed.CommandResult.Children.Select(Empty).FirstOrDefault(fault => fault is not null);
        }

        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is not [var unknown, ..])
        {
            return parsed.Errors[0].Message;
        }

        if (unknown.StartsWith('-'))
        {
            var options = command.Options.SelectMany(option => option.Aliases.Append(option.Name));
            return $"{command.Name} has no option '{unknown}'{Nearest.Hint(unknown, options)}.";
        }

        var commands = command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name).ToArray();
        return commands.Length == 0
            ? parsed.Errors[0].Message
            : $"{command.Name} has no command '{unknown}'{Nearest.Hint(unknown, commands)}; choose from {string.Join(", ", commands)}.";
    }

    /// <summary>The names of a command and those above it, as they are written.</summary>
    public static string NameOf(CommandResult command) =>
        command.Parent is CommandResult above ? $"{NameOf(above)} {command.Command.Name}" : command.Command.Name;

    /// <summary>An empty text is no file, column or method, whatever asks for one.</summary>
    private static string? Empty(SymbolResult result) =>
        result.Tokens.All(token => !string.IsNullOrWhiteSpace(token.Value)) ? null
        : result is OptionResult { Option: var option }
            ? $"{option.Name} takes {option.HelpName ?? "a value"}; got an empty text."
        : result is ArgumentResult { Argument: var argument }
            ? $"{argument.HelpName ?? argument.Name} is needed; got an empty text."
        : null;
}
