// The only file of the program that may touch the console: all others write through what is made here.
#pragma warning disable RS0030
using System.CommandLine;
using System.Text;
using Spectre.Console;

namespace Plait.Cli.Display;

/// <summary>The console of the process, and what of it an invocation of a command is given.</summary>
internal static class Terminal
{
    private const int DataBuffer = 1 << 16;
    private const int Unbroken = 1 << 16; // columns; in files and pipes a row of a table is a line

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private static readonly Lazy<IAnsiConsole> Own = new(() =>
        Console.IsOutputRedirected ? Wide(Printable(AnsiConsole.Console)) : Printable(AnsiConsole.Console)
    );

    /// <summary>The terminal itself, where progress is shown.</summary>
    public static IAnsiConsole Screen => Own.Value;

    /// <summary>Lines for people: the standard output, or what takes its place.</summary>
    public static TextWriter Lines(TextWriter? instead) => new PrintableWriter(instead ?? Console.Out);

    /// <summary>Errors and warnings: the error stream, or what takes its place.</summary>
    public static TextWriter Errors(TextWriter? instead) => new PrintableWriter(instead ?? Console.Error);

    /// <summary>Says why libtorch does not load: as it is, since nothing of Plait runs without it, and no name from a file is in it.</summary>
    public static void FailWithoutTorch(string message) => Console.Error.WriteLine($"plait: {message}");

    /// <summary>One warning, on one line.</summary>
    public static void Warn(this InvocationConfiguration configuration, string message) =>
        configuration.Error.WriteLine($"plait: {message.ReplaceLineEndings(" ")}");

    /// <summary>Where tables are drawn.</summary>
    public static IAnsiConsole For(TextWriter output) =>
        IsScreen(output)
            ? Screen
            : Wide(
                Printable(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Inner(output)) }))
            );

    /// <summary>The columns of a line: those of the terminal; in files and pipes a line is as long as it is.</summary>
    public static int Width(TextWriter output) =>
        IsScreen(output) && !Console.IsOutputRedirected ? Screen.Profile.Width : Unbroken;

    /// <summary>Where progress is shown; null where nobody looks.</summary>
    public static IAnsiConsole? Live(InvocationConfiguration configuration, bool json) =>
        json || Console.IsOutputRedirected || !IsScreen(configuration.Output) ? null : Screen;

    /// <summary>Where data goes: to a file or another program as it is, to a terminal as lines for people.</summary>
    /// <remarks>Flushed by the caller; the console's own writer would go to the system with every field.</remarks>
    public static TextWriter Data(TextWriter output)
    {
        if (!IsScreen(output))
        {
            return Inner(output);
        }

        var data = new StreamWriter(Console.OpenStandardOutput(), Strict, DataBuffer);
        return Console.IsOutputRedirected ? data : new PrintableWriter(data);
    }

    /// <summary>The standard input as text in UTF-8.</summary>
    public static TextReader InputText() => new StreamReader(Console.OpenStandardInput(), Strict);

    /// <summary>The standard input as bytes.</summary>
    public static Stream Input() => Console.OpenStandardInput();

    /// <summary>Both streams of a process that talks with another program line by line.</summary>
    public static (TextReader Input, TextWriter Output) Dialogue() => (Console.In, Console.Out);

    private static TextWriter Inner(TextWriter output) => output is PrintableWriter lines ? lines.Inner : output;

    private static bool IsScreen(TextWriter output) => ReferenceEquals(Inner(output), Console.Out);

    private static IAnsiConsole Wide(IAnsiConsole console)
    {
        console.Profile.Width = Unbroken;
        return console;
    }

    private static IAnsiConsole Printable(IAnsiConsole console)
    {
        console.Pipeline.Attach(new PrintableText());
        return console;
    }
}
