namespace Plait.Tasks;

/// <summary>Which stream of a step's chance (<see cref="StepContext.Random"/>) each use draws from, so that no two draw the same numbers.</summary>
internal static class ChanceStreams
{
    /// <summary>What an aggregator decides.</summary>
    public const int Aggregator = 0;

    /// <summary>Which tasks a step is for.</summary>
    public const int Schedule = 1;

    /// <summary>What a loss weighting decides.</summary>
    public const int Weighting = 2;

    /// <summary>Which routes of a network are open.</summary>
    public const int Routes = 3;

    /// <summary>Which preference a network is trained for.</summary>
    public const int Preference = 4;

    /// <summary>Where the network of a schedule that learns begins.</summary>
    public const int ScheduleLearner = 5;

    /// <summary>Which other batches are read; as many further streams as there are tasks with rows of their own.</summary>
    public const int AnotherBatch = 1 << 16;
}
