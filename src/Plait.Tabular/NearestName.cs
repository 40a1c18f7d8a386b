using Plait.Catalogue;

namespace Plait.Tabular;

/// <summary>Guesses which column, or what else has a name, a user meant.</summary>
internal static class NearestName
{
    private const int MostListed = 12;

    /// <summary>The end of an error message: the name that was probably meant, or the names there are.</summary>
    public static string Hint(string wrong, IReadOnlyCollection<string> names, string what = "the columns")
    {
        if (NameSuggestion.Name(wrong, names) is { } best)
        {
            return $"did you mean '{best}'?";
        }

        var listed = string.Join(", ", names.Take(MostListed));
        return $"{what} are {listed}{(names.Count > MostListed ? $" and {names.Count - MostListed} more" : "")}.";
    }
}
