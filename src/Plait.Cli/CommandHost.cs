using System.CommandLine;
using System.Runtime.InteropServices;
using Plait.Cli.Display;

namespace Plait.Cli;

/// <summary>Runs a command line: Ctrl-C stops it in order, and every failure is one line on the error stream.</summary>
internal static class CommandHost
{
    /// <param name="root">All commands.</param>
    /// <param name="args">The command line.</param>
    /// <param name="output">Takes the place of the standard output.</param>
    /// <param name="error">Takes the place of the error stream.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        Command root,
        string[] args,
        TextWriter? output = null,
        TextWriter? error = null
    )
    {
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = Terminal.Lines(output),
            Error = Terminal.Errors(error),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not CommandHelp)
        {
            var command = string.Join(' ', Names(parsed.CommandResult).Reverse());
            configuration.Warn($"{parsed.Errors[0].Message} See: {command} --help");
            return ExitCode.Usage;
        }

        using var interruption = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await parsed.InvokeAsync(configuration, interruption.Token);
        }
        catch (Exception failure) when (CommandFailure.CodeOf(Innermost(failure)) is { } code)
        {
            configuration.Warn(
                Innermost(failure) is OperationCanceledException
                    ? "interrupted."
                    : CommandFailure.MessageOf(Innermost(failure))
            );
            return code;
        }

        void Stop(PosixSignalContext signal)
        {
            // The first Ctrl-C stops in order; a second one ends the process as usual.
            signal.Cancel = !interruption.IsCancellationRequested;
            interruption.Cancel();
        }
    }

    private static Exception Innermost(Exception failure) =>
        failure is AggregateException { InnerException: { } inner } ? Innermost(inner) : failure;

    private static IEnumerable<string> Names(System.CommandLine.Parsing.CommandResult command)
    {
        for (System.CommandLine.Parsing.SymbolResult? result = command; result is not null; result = result.Parent)
        {
            if (result is System.CommandLine.Parsing.CommandResult named)
            {
                yield return named.Command.Name;
            }
        }
    }
}
