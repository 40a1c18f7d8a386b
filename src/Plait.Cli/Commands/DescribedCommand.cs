using System.CommandLine;
using System.CommandLine.Parsing;

namespace Plait.Cli.Commands;

/// <summary>A command whose text begins with one sentence, shown in lists; the rest, such as examples, stands in its own help.</summary>
internal sealed class DescribedCommand(string name, string text) : Command(name, text.Split("\n\n", 2)[0])
{
    private readonly string? rest = text.Split("\n\n", 2) is [_, var more] ? more : null;

    /// <summary>Whether it computes with tensors, or looks at what does; libtorch is loaded before it then.</summary>
    public bool NeedsTorch { get; set; } = true;

    /// <summary>What its own help shows after the options; empty when there is nothing more.</summary>
    public string More => string.Join("\n\n", new[] { rest, Last?.Invoke() }.OfType<string>());

    /// <summary>Makes the last paragraph of its help, where that has to be looked for; asked when the help is.</summary>
    public Func<string>? Last { get; set; }

    /// <summary>The names of a command and those above it, as they are written.</summary>
    public static string NameOf(CommandResult command) =>
        command.Parent is CommandResult above ? $"{NameOf(above)} {command.Command.Name}" : command.Command.Name;
}
