namespace Plait.Jobs.Plans;

/// <summary>A network that a training kept.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="Job">The training, as it is written there: with all tasks of the network.</param>
public sealed record SavedJob(string Folder, TrainingJob Job);
