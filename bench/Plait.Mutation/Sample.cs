namespace Plait.Mutation;

/// <summary>Which mutants are tried.</summary>
internal static class Sample
{
    /// <summary>As many of each folder, drawn by a seed; numbered in the order of folders, files and lines.</summary>
    /// <param name="byFolder">All mutants there are.</param>
    /// <param name="count">How many in all; null for all there are.</param>
    /// <param name="seed">Decides which.</param>
    public static IReadOnlyList<(string Folder, Mutant Mutant)> Of(
        IReadOnlyList<(string Folder, IReadOnlyList<Mutant> Mutants)> byFolder,
        int? count,
        int seed
    )
    {
        var drawn = new List<(string Folder, Mutant Mutant)>();
        for (var i = 0; i < byFolder.Count; i++)
        {
            var (folder, mutants) = byFolder[i];
            var share = count is { } all ? (all / byFolder.Count) + (i < all % byFolder.Count ? 1 : 0) : mutants.Count;
            Mutant[] shuffled = [.. mutants];
            new Random(seed).Shuffle(shuffled);
            drawn.AddRange(
                shuffled
                    .Take(share)
                    .OrderBy(mutant => mutant.File, StringComparer.Ordinal)
                    .ThenBy(mutant => mutant.Span.Start)
                    .ThenBy(mutant => mutant.Span.Length)
                    .ThenBy(mutant => mutant.After, StringComparer.Ordinal)
                    .Select(mutant => (folder, mutant))
            );
        }

        return [.. drawn.Select((one, id) => (one.Folder, one.Mutant with { Id = id }))];
    }
}
