using System.Xml.Linq;
using Plait.Reporting.Plots;

namespace Plait.Reporting.Gradients;

/// <summary>
/// A picture of two or three task gradients, the cone of common descent, the convex hull of the gradients and the updates that
/// methods make of them: an SVG file that follows the reader's light or dark theme and needs nothing beside it.
/// </summary>
/// <remarks>
/// Two tasks, or three in one plane, are seen in that plane; three others isometrically in the space that they span. Of an update
/// outside of that plane or space, such as one that drops single numbers, its projection is drawn.
/// </remarks>
public static class GradientPicture
{
    /// <summary>More gradients cannot be drawn.</summary>
    public const int MostGradients = 3;

    private const double Width = 520;
    private const double Top = 24;
    private const double Height = 380;
    private const double RowHeight = 17;
    private const double Head = 8;

    /// <summary>The picture as the text of an SVG file.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="gradients">Two or three task gradients, all of one length.</param>
    /// <param name="updates">What methods made of them.</param>
    /// <exception cref="ArgumentException">There are fewer or more gradients, or vectors differ in length.</exception>
    public static string Render(
        string title,
        IReadOnlyList<PictureVector> gradients,
        IReadOnlyList<PictureVector> updates
    )
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentNullException.ThrowIfNull(updates);
        if (gradients.Count is < 2 or > MostGradients)
        {
            throw new ArgumentException(
                $"A picture shows two or three gradients; got {gradients.Count}.",
                nameof(gradients)
            );
        }

        var width = gradients[0].Values.Length;
        if (width == 0 || gradients.Concat(updates).Any(one => one.Values.Length != width))
        {
            throw new ArgumentException("All gradients and updates have the same number of numbers, one or more.");
        }

        return SvgFile.Text(Draw(title, new PictureScale(gradients, updates)));
    }

    private static XElement Draw(string title, PictureScale scale)
    {
        var isSpace = scale.Span.Dimensions == 3;
        Point[] tips = [.. scale.Gradients.Select(arrow => arrow.Tip)];
        var cone = isSpace ? DescentCone.InSpace(tips, scale.Radius) : DescentCone.InPlane(tips, scale.Radius);
        Arrow[] arrows = [.. scale.Gradients, .. scale.Updates];
        var frame = new PictureFrame(
            [default, .. arrows.Select(arrow => arrow.Tip), .. cone, .. isSpace ? PictureAxes.Ends(scale) : []],
            isSpace,
            Width,
            Height
        );
        var labels = new LabelPlaces(Width);
        var legend = new PictureLegend(scale, cone.Count > 0);
        var height = Top + Height + (legend.Rows * RowHeight) + 10;
        return Svg.Picture(
            Width,
            height,
            $"{title}: {string.Join("; ", arrows.Select(arrow => $"{arrow.Label}, {arrow.Note}"))}",
            Svg.Rectangle("paper", 0, 0, Width, height),
            Svg.Text("title", 8, 16, Svg.Fit(title, Width - 16)),
            new XElement(
                "g",
                new XAttribute("transform", $"translate(0 {Svg.Pixel(Top)})"),
                PictureAxes.Draw(scale, frame),
                isSpace ? Faces(cone, frame) : Svg.Path("cone", cone.Select(frame.At), closed: true),
                scale.IsTrue ? Svg.Path("hull", tips.Select(frame.At), closed: tips.Length > 2) : null,
                isSpace ? arrows.Select(arrow => Drop(arrow.Tip, frame)) : null,
                arrows.Select((arrow, i) => Draw(arrow, i, i >= scale.Gradients.Count, frame, labels))
            ),
            legend.Draw(Top + Height + RowHeight, RowHeight, Width)
        );
    }

    private static XElement Draw(Arrow arrow, int index, bool isUpdate, PictureFrame frame, LabelPlaces labels)
    {
        var (origin, tip) = (frame.At(default), frame.At(arrow.Tip));
        var (x, y) = labels.Find(arrow.Label, tip, origin);
        return new(
            "g",
            new XAttribute("class", $"{Svg.Colour(index + 1)} line{(isUpdate ? " update" : "")}"),
            Svg.Tooltip($"{arrow.Label}: {arrow.Note}"),
            Svg.Path("stroke", [origin, tip]),
            HeadOf(origin, tip),
            Svg.Text("label", x, y, Svg.Fit(arrow.Label, Width / 3))
        );
    }

    private static XElement? HeadOf((double X, double Y) origin, (double X, double Y) tip)
    {
        var (dx, dy) = (tip.X - origin.X, tip.Y - origin.Y);
        var length = Math.Sqrt((dx * dx) + (dy * dy));
        if (length < Head)
        {
            return Svg.Dot("dot", tip.X, tip.Y, Head / 2);
        }

        (dx, dy) = (dx / length * Head, dy / length * Head);
        return Svg.Path(
            "dot",
            [tip, (tip.X - dx - (dy / 2), tip.Y - dy + (dx / 2)), (tip.X - dx + (dy / 2), tip.Y - dy - (dx / 2))],
            closed: true
        );
    }

    private static IEnumerable<XElement?> Faces(IReadOnlyList<Point> edges, PictureFrame frame) =>
        edges.Select((edge, i) => Svg.Path("cone", new[] { default, edge, edges[(i + 1) % 3] }.Select(frame.At), true));

    private static XElement Drop(Point tip, PictureFrame frame)
    {
        var (from, to) = (frame.At(tip), frame.At(tip with { Z = 0 }));
        return Svg.Line("drop", from.X, from.Y, to.X, to.Y);
    }
}
