namespace Plait.Faults.Killing;

/// <summary>What became of one recipe.</summary>
/// <param name="Name">The recipe.</param>
internal sealed record KillRecord(string Name)
{
    /// <summary>How many kills there were in each phase.</summary>
    public SortedDictionary<string, int> Phases { get; } = new(StringComparer.Ordinal);

    /// <summary>Processes that ended by themselves after one was killed before: resumed to the end.</summary>
    public int Resumed { get; private set; }

    /// <summary>Those whose results were the unbroken process's, bit for bit.</summary>
    public int Equal { get; private set; }

    /// <summary>What was not as it should be.</summary>
    public List<string> Faults { get; } = [];

    public int Kills => Phases.Values.Sum();

    public void Killed(string phase) => Phases[phase] = Phases.GetValueOrDefault(phase) + 1;

    /// <summary>Counts a run that has come to its end; one that met no kill shows nothing.</summary>
    public void Ended(bool wasKilled, bool isEqual)
    {
        Resumed += wasKilled ? 1 : 0;
        Equal += wasKilled && isEqual ? 1 : 0;
    }
}
