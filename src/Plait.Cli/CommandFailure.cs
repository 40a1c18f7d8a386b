using Plait.Optimization;
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
            TableException or IOException or InvalidDataException or NonFiniteException => Cli.ExitCode.Failure,
            UnauthorizedAccessException or NotSupportedException or InvalidOperationException or ArgumentException =>
                Cli.ExitCode.Failure,
            _ => null,
        };

    /// <summary>What a failure says, in one line and without the name of a parameter that no user has seen.</summary>
    public static string MessageOf(Exception failure)
    {
        var message = failure.Message.ReplaceLineEndings(" ");
        return failure is ArgumentException { ParamName: { } parameter }
            ? message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal)
            : message;
    }
}
