namespace Plait.Catalogue;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
public static class Nearest
{
    /// <summary>The name nearest to what was typed, or null where none is near.</summary>
    /// <remarks>Near is an edit distance (Levenshtein 1966) of a third of the letters at most, or of one; case does not count.</remarks>
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

    private static int Distance(string typed, string name)
    {
        var row = Enumerable.Range(0, name.Length + 1).ToArray();
        for (var i = 1; i <= typed.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= name.Length; j++)
            {
                var same = char.ToLowerInvariant(typed[i - 1]) == char.ToLowerInvariant(name[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[name.Length];
    }
}
