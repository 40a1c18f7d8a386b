namespace Plait.Cli.Tests;

/// <summary>Tests that use torch's one random generator, and so run alone.</summary>
[CollectionDefinition("torch", DisableParallelization = true)]
public sealed class TorchCollection;
