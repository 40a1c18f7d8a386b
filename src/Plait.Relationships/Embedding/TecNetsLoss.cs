namespace Plait.Relationships.Embedding;

/// <summary>The parts of the loss of <see cref="TecNets"/>, scalars tied to the graph.</summary>
/// <param name="Total">Their weighted sum.</param>
/// <param name="Embedding">How far sentences of one task are from being closer than those of two.</param>
/// <param name="Support">The error of the actions on the demonstrations that the sentences are made of.</param>
/// <param name="Query">The error of the actions on others.</param>
public sealed record TecNetsLoss(Tensor Total, Tensor Embedding, Tensor Support, Tensor Query);
