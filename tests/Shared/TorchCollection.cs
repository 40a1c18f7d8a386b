namespace Plait.Testing;

/// <summary>Tests that share torch's global state, its random numbers or its count of tensors, and so run alone.</summary>
[CollectionDefinition("torch", DisableParallelization = true)]
public sealed class TorchCollection;
