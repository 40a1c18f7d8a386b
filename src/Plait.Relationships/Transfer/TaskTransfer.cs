namespace Plait.Relationships.Transfer;

/// <summary>What came of learning a target from the frozen representations of sources.</summary>
/// <param name="Target">The task that was learned.</param>
/// <param name="Sources">The tasks whose representations it was learned from, or one of the words that <see cref="TransferTable"/> reserves.</param>
/// <param name="Value">How well; greater is better, and never negative: an affinity, or a rate of wins.</param>
public sealed record TaskTransfer(string Target, IReadOnlyList<string> Sources, double Value)
{
    /// <summary>How many sources.</summary>
    public int Order => Sources.Count;

    /// <summary>Whether this is the target's own network, trained on all its labels.</summary>
    public bool IsOwn => Sources is [TransferTable.Own];

    /// <summary>Whether this is a yardstick instead of a transfer from tasks.</summary>
    public bool IsBaseline => Sources.Any(source => source is TransferTable.Random or TransferTable.Pixels);

    /// <summary>Such as "normals+depth to edges".</summary>
    public override string ToString() => $"{string.Join('+', Sources)} to {Target}";
}
