using System.CommandLine;
using System.Reflection;
using System.Runtime.CompilerServices;
using Plait.Cli.Commands;
using Plait.Cli.Display;
using Plait.Torch;

namespace Plait.Cli.Hosting;

/// <summary>Runs a command line: Ctrl-C stops it in order, and every failure is one line on the error stream.</summary>
internal static class CommandHost
{
    /// <summary>Runs the program's command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var interruption = Interruption.Begin();
        var root = PlaitCommand.Create();
        try
        {
            if (TorchNeed.Of(root, args))
            {
                LoadLibTorch();
            }
        }
        catch (Exception failure) when (CommandFailure.CodeOf(Innermost(failure)) is { } code)
        {
            Terminal.FailWithoutTorch(CommandFailure.MessageOf(Innermost(failure)));
            return code;
        }

        var (exitCode, isGivenUp) = await InvokeAsync(root, args, output: null, error: null, interruption);
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
    )
    {
        using var interruption = Interruption.Begin();
        return (await InvokeAsync(root, args, output, error, interruption)).Code;
    }

    /// <summary>Runs a command line that may have been interrupted before it begins.</summary>
    internal static async Task<(int Code, bool IsGivenUp)> InvokeAsync(
        Command root,
        string[] args,
        TextWriter? output,
        TextWriter? error,
        Interruption interruption
    )
    {
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = Terminal.Lines(output),
            Error = Terminal.Errors(error),
        };
        try
        {
            var parsed = root.Parse(args);
            if (PluginOption.Load(parsed))
            {
                parsed = root.Parse(args); // options that are read anew may name methods of the plugins
            }

            if (parsed.Action is not CommandHelp && CommandLineFault.Of(parsed, args) is { } fault)
            {
                configuration.Warn($"{fault} See: {DescribedCommand.NameOf(parsed.CommandResult)} --help");
                return (ExitCode.Usage, false);
            }

            interruption.Token.ThrowIfCancellationRequested(); // while libraries were loaded
            var work = Task.Run(() => parsed.InvokeAsync(configuration, interruption.Token), CancellationToken.None);
            return (await await Task.WhenAny(work, interruption.GivenUp), false);
        }
        catch (Exception failure) when (CommandFailure.CodeOf(Innermost(failure)) is { } code)
        {
            configuration.Warn(
                Innermost(failure) is OperationCanceledException
                    ? "interrupted."
                    : CommandFailure.MessageOf(Innermost(failure))
            );
            return (code, interruption.GivenUp.IsCompleted);
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
}
