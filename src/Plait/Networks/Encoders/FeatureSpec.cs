using Plait.Tasks;

namespace Plait.Networks.Encoders;

/// <summary>What the features of one row are, as encoders say it and heads ask for it.</summary>
/// <remarks>A list of sizes converts to one by itself: one size is a vector, three are a map.</remarks>
public abstract record FeatureSpec
{
    /// <summary>It in words, such as "a vector of 64 numbers".</summary>
    public abstract string Text { get; }

    /// <summary>Numbers of one place: the size of the second axis.</summary>
    public abstract long Channels { get; }

    /// <summary>Where such numbers stand. Answers of this layout can be read off the features, and answers of rows off their mean.</summary>
    public abstract Layout Layout { get; }

    /// <summary>The sizes of a row; null where rows are of different lengths.</summary>
    public virtual IReadOnlyList<long>? Shape => null;

    /// <summary>The description of features of one shape.</summary>
    /// <param name="shape">[width], or [channels, height, width].</param>
    /// <exception cref="ArgumentException">There are other numbers of sizes.</exception>
    public static FeatureSpec OfShape(IReadOnlyList<long> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Count switch
        {
            1 => new VectorFeatures(shape[0]),
            3 => new MapFeatures(shape[0], shape[1], shape[2]),
            _ => throw new ArgumentException(
                $"Features are a vector, [width], or a map, [channels, height, width]; got {TargetShapes.Text([.. shape])}. A sequence is {nameof(SequenceFeatures)}.",
                nameof(shape)
            ),
        };
    }

    /// <summary>The description of features of one shape.</summary>
    public static implicit operator FeatureSpec(long[] shape) => OfShape(shape);

    /// <inheritdoc/>
    public sealed override string ToString() => Text;
}

/// <summary>One vector a row: [rows, width].</summary>
/// <param name="Width">Its numbers.</param>
public sealed record VectorFeatures(long Width) : FeatureSpec
{
    /// <inheritdoc/>
    public override string Text => $"a vector of {Width} numbers";

    /// <inheritdoc/>
    public override long Channels => Width;

    /// <inheritdoc/>
    public override Layout Layout => Layout.Row;

    /// <inheritdoc/>
    public override IReadOnlyList<long> Shape => [Width];
}

/// <summary>One vector a pixel of a map: [rows, channels, height, width].</summary>
/// <param name="Channels">Numbers a pixel.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Pixels in a row of pixels.</param>
public sealed record MapFeatures(long Channels, long Height, long Width) : FeatureSpec
{
    /// <inheritdoc/>
    public override string Text => $"a map of {Channels} x {Height} x {Width}";

    /// <inheritdoc/>
    public override long Channels { get; } = Channels;

    /// <inheritdoc/>
    public override Layout Layout => Layout.Pixel;

    /// <inheritdoc/>
    public override IReadOnlyList<long> Shape => [Channels, Height, Width];
}

/// <summary>One vector a step: [rows, channels, steps], with a mask where rows are of different lengths.</summary>
/// <param name="Channels">Numbers a step.</param>
public sealed record SequenceFeatures(long Channels) : FeatureSpec
{
    /// <inheritdoc/>
    public override string Text => $"a sequence of vectors of {Channels} numbers";

    /// <inheritdoc/>
    public override long Channels { get; } = Channels;

    /// <inheritdoc/>
    public override Layout Layout => Layout.Step;
}
