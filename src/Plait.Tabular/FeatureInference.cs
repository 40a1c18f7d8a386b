using Plait.Tabular.Csv;

namespace Plait.Tabular;

/// <summary>Decides what a column that is no target holds, and leaves out those that nothing can be learned from.</summary>
internal sealed class FeatureInference(CsvRows rows, TableOptions options, List<string> warnings)
{
    /// <summary>The column; null when it is left out.</summary>
    public FeatureColumn? Infer(int field, ColumnProfile profile, int count)
    {
        var name = rows.Header[field];
        var asked = options.Categorical.Contains(name);
        if (profile.Present == 0)
        {
            return LeaveOut($"Column '{name}' has no value in any row and is left out.");
        }

        if (profile.IsConstant && profile.Missing == 0)
        {
            return LeaveOut(
                $"Column '{name}' says {TableException.Quote(profile.Values.Keys.First())} in every row and is left out."
            );
        }

        if (profile.IsNumeric && !asked)
        {
            return profile.FirstInfinite is not { } infinite
                ? new FeatureColumn(name)
                : throw TableException.At(
                    rows.Name,
                    infinite.Line,
                    name,
                    $"{TableException.Quote(infinite.Text)} {Number.TooLarge}; correct it, leave it empty, or ignore the column."
                );
        }

        return profile.Overflows && asked ? throw TooMany(name)
            : profile.Overflows || (profile.Values.Count == count && !asked)
                ? LeaveOut(NotCategories(name, profile, count))
            : Categorical(name, profile);
    }

    private FeatureColumn Categorical(string name, ColumnProfile profile)
    {
        if (profile is { FirstText: { } text } && profile.Numbers > profile.Present / 2)
        {
            warnings.Add(
                $"Column '{name}' is mostly numbers but is taken as text, as line {text.Line} says {TableException.Quote(text.Text)}; if that means a missing value, leave it empty."
            );
        }

        return new FeatureColumn(name, profile.Sorted());
    }

    private static string NotCategories(string name, ColumnProfile profile, int count)
    {
        var (text, line) = profile.FirstText!.Value;
        if (profile.Numbers > profile.Present / 2)
        {
            return $"Column '{name}' is mostly numbers and is left out, as line {line} says {TableException.Quote(text)}; if that means a missing value, leave it empty, otherwise correct it.";
        }

        return profile.Values.Count == count || (!profile.Repeats && profile.Missing == 0)
            ? $"Column '{name}' is left out: its text differs in every row, as a name or number of the row would."
            : $"Column '{name}' is left out: it has more than {profile.Values.Count} different texts; join rare ones to keep it.";
    }

    private FeatureColumn? LeaveOut(string why)
    {
        warnings.Add(why);
        return null;
    }

    private TableException TooMany(string name) =>
        TableException.At(
            rows.Name,
            null,
            name,
            $"it is to be categorical but has more than {options.MaxCategories} different values; join rare ones, or let it be a number."
        );
}
