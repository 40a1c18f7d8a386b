using Plait.Numerics;

namespace Plait.Tasks;

/// <summary>Where a run stands when a step is taken, and the step's own source of chance.</summary>
/// <remarks>Chance is a pure function of the seed and the step, so a resumed run draws what the unbroken one would have drawn.</remarks>
public sealed record StepContext
{
    /// <summary>The tasks of the run.</summary>
    public required TaskSet Tasks { get; init; }

    /// <summary>Steps taken before this one.</summary>
    public long Step { get; init; }

    /// <summary>Epochs finished before this one.</summary>
    public int Epoch { get; init; }

    /// <summary>Steps taken before this one in this epoch.</summary>
    public int StepInEpoch { get; init; }

    /// <summary>Steps in an epoch.</summary>
    public int StepsPerEpoch { get; init; } = 1;

    /// <summary>Epochs that the run is meant to have.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>The run's seed.</summary>
    public long Seed { get; init; }

    /// <summary>A generator for this step alone.</summary>
    /// <param name="purpose">Tells uses within one step apart; the library's own take 0 to 15, and from 65,536 on.</param>
    public Random Random(int purpose = 0) => Seeds.Generator(Seed, Step, purpose);
}
