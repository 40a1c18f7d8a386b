namespace Plait.Tasks;

/// <summary>What the numbers of an output are, in which an answer and the loss that trains it must agree.</summary>
/// <param name="Words">As errors write them, in the plural: "classes".</param>
/// <remarks>A kind of answer that has outputs of its own makes a meaning of its own.</remarks>
public sealed record OutputMeaning(string Words)
{
    /// <summary>Logits of classes along axis 1, of which one is right.</summary>
    public static OutputMeaning Classes { get; } = new("classes");

    /// <summary>Logits that are each a yes or a no.</summary>
    public static OutputMeaning YesOrNo { get; } = new("yes-or-no logits");

    /// <summary>Numbers, in the targets' unit.</summary>
    public static OutputMeaning Numbers { get; } = new("numbers");

    /// <summary>Vectors along axis 1, of which the length says nothing.</summary>
    public static OutputMeaning Directions { get; } = new("numbers of a direction");

    /// <inheritdoc/>
    public override string ToString() => Words;
}
