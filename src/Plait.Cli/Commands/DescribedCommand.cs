using System.CommandLine;

namespace Plait.Cli.Commands;

/// <summary>A command whose text begins with one sentence, shown in lists; the rest, such as examples, stands in its own help.</summary>
internal sealed class DescribedCommand(string name, string text) : Command(name, text.Split("\n\n", 2)[0])
{
    /// <summary>What its own help shows after the options; empty when there is nothing more.</summary>
    public string More { get; } = text.Split("\n\n", 2) is [_, var more] ? more : "";
}
