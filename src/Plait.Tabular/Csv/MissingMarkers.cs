namespace Plait.Tabular.Csv;

/// <summary>Knows the texts that stand for a missing value.</summary>
internal sealed class MissingMarkers
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> markers;
    private readonly int longest;

    public MissingMarkers(IEnumerable<string> markers)
    {
        var set = markers.Select(marker => marker.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        longest = set.Count == 0 ? -1 : set.Max(marker => marker.Length);
        this.markers = set.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public bool Contains(ReadOnlySpan<char> field) => field.Length <= longest && markers.Contains(field);
}
