namespace Plait.Relationships.Embedding.Studies;

/// <summary>What was learned by trial.</summary>
/// <param name="Model">The trained encoder and policy; disposed with this.</param>
/// <param name="Hidden">The numbers that tell the new tasks apart, a row for each.</param>
/// <param name="Embeddings">The new tasks' embeddings, a row for each.</param>
/// <param name="Returns">The mean return in the new tasks: without an embedding, with the first one, and after each update.</param>
/// <param name="RankCorrelation">
/// Of the distances between embeddings with those between the hidden numbers, over all pairs of new tasks, from -1 to 1: 0 is what
/// chance gets; NaN where all distances are the same.
/// </param>
public sealed record TrajectoryOutcome(
    TrajectoryEmbedding Model,
    IReadOnlyList<float[]> Hidden,
    IReadOnlyList<float[]> Embeddings,
    IReadOnlyList<double> Returns,
    double RankCorrelation
) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
