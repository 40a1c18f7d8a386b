namespace Plait.Analysis.Tests;

/// <summary>Tests that share torch's global state: its random numbers, or its count of tensors.</summary>
[CollectionDefinition("torch", DisableParallelization = true)]
public sealed class TorchCollection;
