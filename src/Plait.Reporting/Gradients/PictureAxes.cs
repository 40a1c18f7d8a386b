using System.Xml.Linq;
using Plait.Reporting.Plots;

namespace Plait.Reporting.Gradients;

/// <summary>The axes of a picture: across the whole plane, or from the origin into space; named where they are parameters.</summary>
internal static class PictureAxes
{
    private const double Reach = 1.08; // Of the longest gradient.

    /// <summary>Where the axes of space end.</summary>
    public static IEnumerable<Point> Ends(PictureScale scale)
    {
        var reach = Reach * scale.Radius;
        return [new(reach, 0), new(0, reach), new(0, 0, reach)];
    }

    /// <summary>Lines, and names at their ends.</summary>
    public static IEnumerable<XElement> Draw(PictureScale scale, PictureFrame frame)
    {
        var origin = frame.At(default);
        var (width, height) = frame.Size;
        ((double X, double Y) From, (double X, double Y) To, (double X, double Y) Name)[] axes =
            scale.Span.Dimensions == 2
                ?
                [
                    ((0, origin.Y), (width, origin.Y), (width - 16, origin.Y - 4)),
                    ((origin.X, height), (origin.X, 0), (origin.X + 4, 10)),
                ]
                : [.. Ends(scale).Select(frame.At).Select(end => (origin, end, (end.X + 3, end.Y - 3)))];
        return axes.SelectMany(
            (axis, i) =>
                new[]
                {
                    Svg.Line("grid", axis.From.X, axis.From.Y, axis.To.X, axis.To.Y),
                    Svg.Text("tick", axis.Name.X, axis.Name.Y, scale.Span.IsOfParameters ? $"θ{i + 1}" : ""),
                }
        );
    }
}
