namespace Plait.Tabular;

/// <summary>Guesses which name a user meant.</summary>
internal static class NearestName
{
    private const int MostListed = 12;

    /// <summary>The end of an error message: the name that was probably meant, or the names there are.</summary>
    public static string Hint(string wrong, IReadOnlyCollection<string> names)
    {
        var best = names.MinBy(name => Distance(wrong.ToUpperInvariant(), name.ToUpperInvariant()));
        if (
            best is not null
            && Distance(wrong.ToUpperInvariant(), best.ToUpperInvariant()) <= Math.Max(1, wrong.Length / 3)
        )
        {
            return $"did you mean '{best}'?";
        }

        var listed = string.Join(", ", names.Take(MostListed));
        return $"the columns are {listed}{(names.Count > MostListed ? $" and {names.Count - MostListed} more" : "")}.";
    }

    /// <summary>Insertions, deletions and replacements of one character that turn one text into the other.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
