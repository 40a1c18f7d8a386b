using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Tabular;

namespace Plait.Cli;

/// <summary>A failure that a person can put right; its message is one line that says how.</summary>
internal sealed partial class CommandFailure(string message, int exitCode = ExitCode.Failure) : Exception(message)
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
            IOException or InvalidDataException or NonFiniteException => Cli.ExitCode.Failure,
            UnauthorizedAccessException or NotSupportedException or InvalidOperationException or ArgumentException =>
                Cli.ExitCode.Failure,
            ExternalException or OutOfMemoryException or DllNotFoundException or JsonException => Cli.ExitCode.Failure,
            _ => null,
        };

    /// <remarks>
    /// By itself: code that reads a table's exception loads libtorch when it is compiled, and <see cref="CodeOf"/> is for the failure of that too.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int CodeOfTable(TableException failure) =>
        failure.IsRequest ? Cli.ExitCode.Usage : Cli.ExitCode.Failure;

    /// <summary>What a failure says, in one line and without the name of a parameter that no user has seen.</summary>
    public static string MessageOf(Exception failure)
    {
        if (failure is OutOfMemoryException || (failure is ExternalException && OutOfMemory().IsMatch(failure.Message)))
        {
            var wanted = OutOfMemory().Match(failure.Message).Groups["bytes"] is { Success: true, Value: var bytes }
                ? $" for {bytes} bytes at once"
                : "";
            return $"There is not enough memory{wanted}; take a smaller network (--encoder, --network) or smaller batches (--batch-size).";
        }

        if (failure is UnauthorizedAccessException && DeniedPath().Match(failure.Message) is { Success: true } denied)
        {
            return $"{denied.Groups["path"].Value}: this may not be read or written; check its permissions.";
        }

        // What libtorch says in one line comes first, and below it what only its authors can read.
        return failure is ExternalException ? failure.Message.Split('\n', 2)[0].TrimEnd()
            : failure is ArgumentException ? MessageOfArgument(failure)
            : failure.Message.ReplaceLineEndings(" ");
    }

    /// <remarks>By itself, as <see cref="CodeOfTable"/> is: the library cannot be asked when it was not loaded.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string MessageOfArgument(Exception failure) => ArgumentMessage.Of(failure).ReplaceLineEndings(" ");

    /// <summary>How .NET says that the system denies a path.</summary>
    [GeneratedRegex("^Access to the path '(?<path>.+)' is denied\\.$", RegexOptions.Singleline)]
    private static partial Regex DeniedPath();

    [GeneratedRegex(
        "can't allocate memory: you tried to allocate (?<bytes>[0-9]+) bytes|out of memory",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex OutOfMemory();
}
