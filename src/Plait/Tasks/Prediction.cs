namespace Plait.Tasks;

/// <summary>What a network's output says of one row, as an <see cref="Answer"/> reads it.</summary>
/// <param name="decision">What <see cref="Answer.Decide"/> gives: the number of a class, or numbers.</param>
/// <param name="probabilities">What <see cref="Answer.Probabilities"/> gives; empty where the output tells none.</param>
public readonly ref struct Prediction(ReadOnlySpan<double> decision, ReadOnlySpan<float> probabilities)
{
    /// <summary>The number of a class, or numbers; 1 or more.</summary>
    public ReadOnlySpan<double> Decision { get; } = decision;

    /// <summary>The probability of each class or label, or of a yes; empty where the output tells none.</summary>
    public ReadOnlySpan<float> Probabilities { get; } = probabilities;
}
