using System.CommandLine;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Plait.Cli.Commands;
using Plait.Cli.Display;
using Plait.Torch;

namespace Plait.Cli;

/// <summary>Runs a command line: Ctrl-C stops it in order, and every failure is one line on the error stream.</summary>
internal static class CommandHost
{
    /// <summary>Runs the program's command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            LoadLibTorch();
        }
        catch (Exception failure) when (CommandFailure.CodeOf(Innermost(failure)) is { } code)
        {
            Terminal.FailWithoutTorch(CommandFailure.MessageOf(Innermost(failure)));
            return code;
        }

        var (exitCode, isGivenUp) = await InvokeAsync(PlaitCommand.Create(), args, output: null, error: null);
        if (isGivenUp)
        {
            QuickExit.With(exitCode);
        }

        return exitCode;
    }

    /// <summary>Runs a command line.</summary>
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
    ) => (await InvokeAsync(root, args, output, error)).Code;

    private static async Task<(int Code, bool IsGivenUp)> InvokeAsync(
        Command root,
        string[] args,
        TextWriter? output,
        TextWriter? error
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
            return (ExitCode.Usage, false);
        }

        var givenUp = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interruption = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var work = Task.Run(() => parsed.InvokeAsync(configuration, interruption.Token), CancellationToken.None);
            return (await await Task.WhenAny(work, givenUp.Task), false);
        }
        catch (Exception failure) when (CommandFailure.CodeOf(Innermost(failure)) is { } code)
        {
            configuration.Warn(
                Innermost(failure) is OperationCanceledException
                    ? "interrupted."
                    : CommandFailure.MessageOf(Innermost(failure))
            );
            return (code, givenUp.Task.IsCompleted);
        }

        void Stop(PosixSignalContext signal)
        {
            // The first Ctrl-C stops in order; a second one ends the process as usual.
            signal.Cancel = !interruption.IsCancellationRequested;
            interruption.Cancel();
            if (!OrderlyStop.IsExpected)
            {
                givenUp.TrySetException(new OperationCanceledException());
            }
        }
    }

    /// <remarks>By itself, since what fails to load does so when a method that names it is compiled.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LoadLibTorch()
    {
        TorchNative.Ensure();
        FreedMemory.Keep();
    }

    private static Exception Innermost(Exception failure) =>
        failure
            is AggregateException { InnerException: not null }
                or TypeInitializationException { InnerException: not null }
                or TargetInvocationException { InnerException: not null }
            ? Innermost(failure.InnerException!)
            : failure;

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
