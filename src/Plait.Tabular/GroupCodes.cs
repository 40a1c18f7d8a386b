using Plait.Tabular.Csv;

namespace Plait.Tabular;

/// <summary>Numbers the groups of rows in the order of their appearance; a row without a group is a group of its own.</summary>
internal sealed class GroupCodes(int field)
{
    private readonly Dictionary<string, long> codes = new(StringComparer.Ordinal);
    private long next;

    public long Read(CsvRows rows, MissingMarkers missing)
    {
        var text = rows[field];
        if (missing.Contains(text))
        {
            return next++;
        }

        var lookup = codes.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(text, out var code))
        {
            code = next++;
            lookup[text] = code;
        }

        return code;
    }
}
