using System.Runtime.CompilerServices;
using Plait.Jobs;
using Plait.Tabular;

namespace Plait.Cli;

/// <summary>A failure that a person can put right; its message is one line that says how.</summary>
internal sealed class CommandFailure(string message, int exitCode = ExitCode.Failure) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>The exit code of a failure that is no fault of the program, or null for one that is.</summary>
    public static int? CodeOf(Exception failure) =>
        failure switch
        {
            CommandFailure known => known.ExitCode,
            OperationCanceledException => Cli.ExitCode.Interrupted,
            FormatException or PlatformNotSupportedException => Cli.ExitCode.Usage,
            TableException table => CodeOfTable(table),
            _ => FailureMessage.IsExpected(failure) ? Cli.ExitCode.Failure : null,
        };

    /// <remarks>
    /// By itself: code that reads a table's exception loads libtorch when it is compiled, and <see cref="CodeOf"/> is for the failure of that too.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int CodeOfTable(TableException failure) =>
        failure.IsRequest ? Cli.ExitCode.Usage : Cli.ExitCode.Failure;

    /// <summary>What a failure says, in one line and without the name of a parameter that no user has seen.</summary>
    public static string MessageOf(Exception failure) => FailureMessage.Of(failure);
}
