namespace Plait.Data;

/// <summary>Rows of numbers: [rows, width].</summary>
/// <param name="Width">Numbers a row.</param>
public sealed record VectorInput(long Width) : InputSpec
{
    /// <inheritdoc/>
    public override string Text => $"vectors of {Width} numbers";

    /// <inheritdoc/>
    public override IReadOnlyList<long> Shape => [Width];

    /// <inheritdoc/>
    public override long Numbers => Width;

    /// <inheritdoc/>
    public override string? FaultOf(BatchInput input) => FaultOfShape(input, Shape);
}

/// <summary>Images: [rows, channels, height, width].</summary>
/// <param name="Channels">Numbers a pixel.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Pixels in a row of pixels.</param>
public sealed record ImageInput(long Channels, long Height, long Width) : InputSpec
{
    /// <inheritdoc/>
    public override string Text => $"images of {Channels} x {Height} x {Width}";

    /// <inheritdoc/>
    public override IReadOnlyList<long> Shape => [Channels, Height, Width];

    /// <inheritdoc/>
    public override long Numbers => Channels * Height * Width;

    /// <inheritdoc/>
    public override string? FaultOf(BatchInput input) => FaultOfShape(input, Shape);
}

/// <summary>Rows of numbers in any other number of axes.</summary>
/// <param name="Sizes">The sizes of a row.</param>
public sealed record ArrayInput(IReadOnlyList<long> Sizes) : InputSpec
{
    /// <inheritdoc/>
    public override string Text => $"arrays of {string.Join(" x ", Sizes)} numbers";

    /// <inheritdoc/>
    public override IReadOnlyList<long> Shape => Sizes;

    /// <inheritdoc/>
    public override long Numbers => Sizes.Aggregate(1L, (product, size) => product * size);

    /// <inheritdoc/>
    public bool Equals(ArrayInput? other) => other is not null && Sizes.SequenceEqual(other.Sizes);

    /// <inheritdoc/>
    public override int GetHashCode() => Sizes.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string? FaultOf(BatchInput input) => FaultOfShape(input, Sizes);
}
