namespace Plait.Tasks;

/// <summary>The shape of one task's output for one row: a vector, or such vectors at all pixels or steps of the input.</summary>
/// <param name="Channels">Values in the vector; 1 or more.</param>
/// <param name="Layout">Where such vectors stand.</param>
public readonly record struct OutputShape(int Channels, Layout Layout = Layout.Row)
{
    /// <summary>True when there is one such vector for each pixel, so that a batch is [rows, channels, height, width].</summary>
    public bool IsDense => Layout == Layout.Pixel;

    /// <summary>One vector of <paramref name="channels"/> values a row: a batch is [rows, channels].</summary>
    public static OutputShape Vector(int channels) => new(channels);

    /// <summary>One vector of <paramref name="channels"/> values a pixel: a batch is [rows, channels, height, width].</summary>
    public static OutputShape Dense(int channels) => new(channels, Layout.Pixel);
}
