using System.Globalization;
using System.Security.Cryptography;

namespace Plait.Jobs.Runs;

/// <summary>Makes ids of runs, and finds the run that a person means by part of one.</summary>
internal static class RunIds
{
    private const int MatchesToName = 4;

    /// <summary>yyMMdd-HHmmss-xxxx: the time in UTC, and four random hexadecimal digits.</summary>
    public static string Create(DateTimeOffset time) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{time.UtcDateTime:yyMMdd-HHmmss}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}"
        );

    /// <summary>The id that equals the text, or the only one that starts with it.</summary>
    /// <param name="text">An id or the start of one.</param>
    /// <param name="newestFirst">All ids.</param>
    /// <param name="store">The store's path, for errors.</param>
    /// <exception cref="RunStoreException">None or several fit.</exception>
    public static string Resolve(string text, IReadOnlyList<string> newestFirst, string store)
    {
        if (newestFirst.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        string[] fitting = [.. newestFirst.Where(id => id.StartsWith(text, StringComparison.Ordinal))];
        if (fitting.Length == 1)
        {
            return fitting[0];
        }

        if (newestFirst.Count == 0)
        {
            throw new RunStoreException($"There is no run '{text}': the store '{store}' has no runs yet.");
        }

        throw new RunStoreException(
            fitting.Length > 1
                ? $"'{text}' fits {fitting.Length} runs: {Name(fitting)}; write more of the id."
                : $"There is no run '{text}' in '{store}'{Catalogue.NameSuggestion.Hint(text, [RunStore.Last])}; the nearest are {Name([.. Nearest(text, newestFirst)])}."
        );
    }

    private static IEnumerable<string> Nearest(string text, IReadOnlyList<string> ids) =>
        ids.OrderByDescending(id => id.Contains(text, StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(id => id.AsSpan().CommonPrefixLength(text))
            .Take(MatchesToName);

    private static string Name(string[] ids) =>
        string.Join(", ", ids.Take(MatchesToName)) + (ids.Length > MatchesToName ? ", ..." : "");
}
