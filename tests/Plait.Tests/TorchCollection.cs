namespace Plait.Tests;

/// <summary>Tests that draw from torch's one random generator, or count its tensors, run one after the other.</summary>
[CollectionDefinition("torch", DisableParallelization = true)]
public sealed class TorchCollection;
