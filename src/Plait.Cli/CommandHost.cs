using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;

namespace Plait.Cli;

/// <summary>Runs a command line: Ctrl-C stops it in order, and every failure is one line on the error stream.</summary>
internal static class CommandHost
{
    public static async Task<int> RunAsync(Command root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            var command = string.Join(' ', Names(parsed.CommandResult).Reverse());
            Say($"{parsed.Errors[0].Message.ReplaceLineEndings(" ")} See: {command} --help");
            return ExitCode.Usage;
        }

        using var interruption = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return parsed.Action switch
            {
                AsynchronousCommandLineAction action => await action.InvokeAsync(parsed, interruption.Token),
                SynchronousCommandLineAction action => action.Invoke(parsed),
                _ => ExitCode.Success,
            };
        }
        catch (Exception failure) when (CommandFailure.CodeOf(Innermost(failure)) is { } code)
        {
            Say(
                Innermost(failure) is OperationCanceledException
                    ? "interrupted."
                    : Innermost(failure).Message.ReplaceLineEndings(" ")
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

    private static void Say(string message) => Console.Error.WriteLine($"plait: {message}");

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
