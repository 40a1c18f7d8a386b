namespace Plait.Relationships.Embedding.Studies;

/// <summary>What was learned from demonstrations.</summary>
/// <param name="Model">The trained network; disposed with this.</param>
/// <param name="Measurement">How it does on tasks that were held out.</param>
/// <param name="Embeddings">Each task's sentence made of all its demonstrations, in the order of the table.</param>
public sealed record ImitationOutcome(
    ImitationModel Model,
    ImitationMeasurement Measurement,
    IReadOnlyList<float[]> Embeddings
) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
