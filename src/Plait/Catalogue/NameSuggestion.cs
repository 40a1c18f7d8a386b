namespace Plait.Catalogue;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
public static class NameSuggestion
{
    /// <summary>The name nearest to what was typed, or null where none is near.</summary>
    /// <remarks>
    /// Near is an edit distance of a third of the letters at most, or of one; case does not count. An edit adds, drops or replaces a
    /// letter (Levenshtein 1966), or swaps two neighbours (Damerau 1964; in the form that edits no pair again).
    /// </remarks>
    /// <param name="typed">What was typed.</param>
    /// <param name="names">The names there are.</param>
    public static string? Name(string typed, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(typed);
        var (name, distance) = names
            .Select(name => (Name: name, Distance: Distance(typed, name)))
            .OrderBy(pair => pair.Distance)
            .FirstOrDefault();
        return name is not null && distance <= Math.Max(1, typed.Length / 3) ? name : null;
    }

    /// <summary>" (did you mean 'x'?)", or nothing where no name is near.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="names">The names there are.</param>
    public static string Hint(string typed, IEnumerable<string> names) =>
        Name(typed, names) is { } name ? $" (did you mean '{name}'?)" : "";

    /// <summary>" (did you mean 'x'?).", or "; choose from ..." where no name is near: for choices so long that they would hide what was meant.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="names">The names there are.</param>
    public static string Choice(string typed, IReadOnlyCollection<string> names) =>
        Hint(typed, names) is { Length: > 0 } hint ? $"{hint}." : $"; choose from {string.Join(", ", names)}.";

    private static int Distance(string typed, string name)
    {
        var (before, above, row) = (
            Array.Empty<int>(),
            Array.Empty<int>(),
            Enumerable.Range(0, name.Length + 1).ToArray()
        );
        for (var i = 1; i <= typed.Length; i++)
        {
            (before, above, row) = (above, row, new int[name.Length + 1]);
            row[0] = i;
            for (var j = 1; j <= name.Length; j++)
            {
                var replaced = above[j - 1] + (Same(typed[i - 1], name[j - 1]) ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && Same(typed[i - 1], name[j - 2]) && Same(typed[i - 2], name[j - 1]))
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }
        }

        return row[name.Length];
    }

    private static bool Same(char one, char other) => char.ToLowerInvariant(one) == char.ToLowerInvariant(other);
}
