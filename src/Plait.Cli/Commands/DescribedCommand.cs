using System.CommandLine;
using System.CommandLine.Parsing;

namespace Plait.Cli.Commands;

/// <summary>A command whose text begins with one sentence, shown in lists; the rest, such as examples, stands in its own help.</summary>
internal sealed class DescribedCommand(string name, string text) : Command(name, text.Split("\n\n", 2)[0])
{
    /// <summary>What its own help shows after the options; empty when there is nothing more.</summary>
    public string More { get; } = text.Split("\n\n", 2) is [_, var more] ? more : "";

    /// <summary>The names of a command and those above it, as they are written.</summary>
    public static string NameOf(CommandResult command) =>
        command.Parent is CommandResult above ? $"{NameOf(above)} {command.Command.Name}" : command.Command.Name;
}
