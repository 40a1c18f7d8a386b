namespace Plait.Relationships.Transfer;

/// <summary>What may be supervised, at what price, and what matters.</summary>
public sealed record TransferOptions
{
    /// <summary>How much supervision there is to spend on sources: their number, where none has a cost of its own.</summary>
    public required double Budget { get; init; }

    /// <summary>The most sources that a transfer may have; null for no limit.</summary>
    public int? MostSources { get; init; } = 1;

    /// <summary>Whether a target that is chosen as a source is served by its own network.</summary>
    public bool OwnSupervision { get; init; }

    /// <summary>The tasks to be learned; null for all targets of the table.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>The tasks that may be supervised; null for all that the table has.</summary>
    public IReadOnlyList<string>? Sources { get; init; }

    /// <summary>How much a target matters, by its name; 1 where it is not named.</summary>
    public IReadOnlyDictionary<string, double> Importances { get; init; } = new Dictionary<string, double>();

    /// <summary>What the supervision of a source costs, by its name; 1 where it is not named.</summary>
    public IReadOnlyDictionary<string, double> Costs { get; init; } = new Dictionary<string, double>();
}
