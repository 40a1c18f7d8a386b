namespace Plait.Reporting.Gradients;

/// <summary>Fits points into a rectangle of pixels, one scale for both directions.</summary>
internal sealed class PictureFrame
{
    private const double Room = 0.09;

    private readonly bool isSpace;
    private readonly double scale;
    private readonly double left;
    private readonly double top;

    /// <param name="points">What has to be inside.</param>
    /// <param name="isSpace">Whether the points are looked at isometrically.</param>
    /// <param name="width">The rectangle's width.</param>
    /// <param name="height">The rectangle's height.</param>
    public PictureFrame(IEnumerable<Point> points, bool isSpace, double width, double height)
    {
        this.isSpace = isSpace;
        Size = (width, height);
        Point[] flat = [.. points.Select(Flat)];
        var (low, high) = (
            new Point(flat.Min(one => one.X), flat.Min(one => one.Y)),
            new Point(flat.Max(one => one.X), flat.Max(one => one.Y))
        );
        var wide = Math.Max((high.X - low.X) / width, (high.Y - low.Y) / height) * (1 + (2 * Room));
        scale = wide > 0 ? 1 / wide : 1;
        left = (width / 2) - ((low.X + high.X) / 2 * scale);
        top = (height / 2) + ((low.Y + high.Y) / 2 * scale);
    }

    /// <summary>The rectangle's size.</summary>
    public (double Width, double Height) Size { get; }

    /// <summary>The pixel of a point.</summary>
    public (double X, double Y) At(Point point)
    {
        var flat = Flat(point);
        return (left + (flat.X * scale), top - (flat.Y * scale));
    }

    private Point Flat(Point point) => isSpace ? point.Isometric() : point;
}
