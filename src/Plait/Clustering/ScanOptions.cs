namespace Plait.Clustering;

/// <summary>How SCAN learns; the paper's numbers where they suit small images.</summary>
public sealed record ScanOptions
{
    /// <summary>Views of the pretext task.</summary>
    public ImageViews Views { get; init; } = new();

    /// <summary>Strong views of the clustering and of the self-labelling.</summary>
    public ImageViews StrongViews { get; init; } = new() { Turn = 20, Cover = 0.35 };

    /// <summary>Passes of the pretext task.</summary>
    public int PretextEpochs { get; init; } = 30;

    /// <summary>Passes of the clustering.</summary>
    public int ClusteringEpochs { get; init; } = 20;

    /// <summary>Passes of the self-labelling; 0 leaves it out.</summary>
    public int SelfLabellingEpochs { get; init; } = 10;

    /// <summary>Images a step.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>K: neighbours of each image, itself not counted; 20 in the paper.</summary>
    public int Neighbours { get; init; } = 20;

    /// <summary>λ: how much spreading over the clusters counts; 5 in the paper.</summary>
    public double EntropyWeight { get; init; } = 5;

    /// <summary>The temperature of the pretext task; 0.1 in the paper.</summary>
    public double Temperature { get; init; } = 0.1;

    /// <summary>The least probability with which an image labels itself; 0.99 in the paper.</summary>
    public double Confidence { get; init; } = 0.99;

    /// <summary>Width of what the pretext task compares.</summary>
    public int ProjectionWidth { get; init; } = 64;

    /// <summary>Of Adam, in all three parts.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>
    /// Clusterings that are tried, of which the one of least loss goes on: one alone may leave a cluster empty. The authors try 10 on
    /// ImageNet's 1000 classes and 1 on small sets such as CIFAR-10; 3 is ours, for encoders that learned from few images.
    /// </summary>
    public int Heads { get; init; } = 3;

    /// <summary>Fixes everything that chance decides after the encoder was made.</summary>
    public long Seed { get; init; }

    internal void Check(long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(PretextEpochs);
        ArgumentOutOfRangeException.ThrowIfNegative(ClusteringEpochs);
        ArgumentOutOfRangeException.ThrowIfNegative(SelfLabellingEpochs);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Heads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Neighbours, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Neighbours, rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Temperature);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LearningRate);
    }
}
