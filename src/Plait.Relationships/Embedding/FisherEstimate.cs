namespace Plait.Relationships.Embedding;

/// <summary>How the Fisher information of a probe's weights is found.</summary>
public enum FisherEstimate
{
    /// <summary>By labels drawn from what the network believes of each row.</summary>
    MonteCarlo,

    /// <summary>By all labels, each as often as the network believes in it: a backward pass a class instead of a draw.</summary>
    Exact,

    /// <summary>By the noise that the weights bear: robust where the loss is rough, slower.</summary>
    Variational,
}
