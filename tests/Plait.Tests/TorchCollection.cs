namespace Plait.Tests;

/// <summary>Tests that depend on torch's one global random generator, or on its count of tensors, run one after the other.</summary>
[CollectionDefinition("torch", DisableParallelization = true)]
public sealed class TorchCollection { }
