using System.CommandLine;
using Spectre.Console;

namespace Plait.Cli.Display;

/// <summary>The terminal of one invocation of a command.</summary>
internal static class Terminal
{
    /// <summary>Where tables are drawn.</summary>
    public static IAnsiConsole For(TextWriter output) =>
        ReferenceEquals(output, Console.Out)
            ? AnsiConsole.Console
            : AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

    /// <summary>Where progress is shown; null where nobody looks.</summary>
    public static IAnsiConsole? Live(InvocationConfiguration configuration, bool json) =>
        json || Console.IsOutputRedirected || !ReferenceEquals(configuration.Output, Console.Out)
            ? null
            : AnsiConsole.Console;
}
