using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Plait.Catalogue;
using Plait.Optimization;

namespace Plait.Jobs;

/// <summary>What a failure says to people, in one line.</summary>
public static partial class FailureMessage
{
    /// <summary>Whether a failure is of the data, the disk, the settings or the training, and no fault of the program.</summary>
    /// <param name="failure">The failure.</param>
    public static bool IsExpected(Exception failure) =>
        failure
            is IExplainedFailure
                or OperationCanceledException
                or FormatException
                or IOException
                or InvalidDataException
                or NonFiniteException
                or UnauthorizedAccessException
                or NotSupportedException
                or InvalidOperationException
                or ArgumentException
                or ExternalException
                or OutOfMemoryException
                or DllNotFoundException
                or JsonException;

    /// <summary>What a failure says, in one line and without the name of a parameter that no user has seen.</summary>
    /// <param name="failure">The failure.</param>
    public static string Of(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
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
            : failure is ArgumentException ? OfArgument(failure)
            : failure.Message.ReplaceLineEndings(" ");
    }

    /// <remarks>By itself: code that asks the library loads libtorch when it is compiled, and <see cref="Of"/> is for the failure of that too.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string OfArgument(Exception failure) => ArgumentMessage.Of(failure).ReplaceLineEndings(" ");

    /// <summary>How .NET says that the system denies a path.</summary>
    [GeneratedRegex("^Access to the path '(?<path>.+)' is denied\\.$", RegexOptions.Singleline)]
    private static partial Regex DeniedPath();

    [GeneratedRegex(
        "can't allocate memory: you tried to allocate (?<bytes>[0-9]+) bytes|out of memory",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex OutOfMemory();
}
