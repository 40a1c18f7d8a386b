namespace Plait.Relationships.Embedding;

/// <summary>What became of tasks after a few fast updates.</summary>
/// <param name="Embeddings">Each task's embedding in the end, [tasks, embedding].</param>
/// <param name="Returns">The mean return over tasks and episodes: without an embedding, with the first one, and after each update.</param>
public sealed record Adaptation(Tensor Embeddings, IReadOnlyList<double> Returns);
