using System.Globalization;
using System.Xml.Linq;

namespace Plait.Reporting.Plots;

/// <summary>Elements of inline SVG. Colours come from the page's style sheet, so that plots follow the reader's theme.</summary>
internal static class Svg
{
    /// <summary>Colours that the style sheet tells apart: classes c0 (for the baseline) to c11.</summary>
    public const int Colours = 12;

    private const double CharacterWidth = 0.62; // Of the font size: generous for the sans serif faces that systems have.
    private const double FontSize = 11;

    /// <summary>A picture that shrinks with the page and says to a screen reader what it shows.</summary>
    public static XElement Picture(double width, double height, string description, params object?[] content) =>
        new(
            "svg",
            new XAttribute("viewBox", $"0 0 {Pixel(width)} {Pixel(height)}"),
            new XAttribute("width", Pixel(width)),
            new XAttribute("height", Pixel(height)),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", description),
            content
        );

    /// <summary>A straight line.</summary>
    public static XElement Line(string css, double x1, double y1, double x2, double y2) =>
        new(
            "line",
            new XAttribute("class", css),
            new XAttribute("x1", Pixel(x1)),
            new XAttribute("y1", Pixel(y1)),
            new XAttribute("x2", Pixel(x2)),
            new XAttribute("y2", Pixel(y2))
        );

    /// <summary>A rectangle; a negative width or height is none.</summary>
    public static XElement Rectangle(string css, double x, double y, double width, double height) =>
        new(
            "rect",
            new XAttribute("class", css),
            new XAttribute("x", Pixel(x)),
            new XAttribute("y", Pixel(y)),
            new XAttribute("width", Pixel(Math.Max(width, 0))),
            new XAttribute("height", Pixel(Math.Max(height, 0)))
        );

    /// <summary>A dot.</summary>
    public static XElement Dot(string css, double x, double y, double radius) =>
        new(
            "circle",
            new XAttribute("class", css),
            new XAttribute("cx", Pixel(x)),
            new XAttribute("cy", Pixel(y)),
            new XAttribute("r", Pixel(radius))
        );

    /// <summary>Text whose baseline starts, centres or ends at a point.</summary>
    public static XElement Text(string css, double x, double y, string text) =>
        new("text", new XAttribute("class", css), new XAttribute("x", Pixel(x)), new XAttribute("y", Pixel(y)), text);

    /// <summary>A line or, closed, an area through points; null where there are none.</summary>
    public static XElement? Path(string css, IEnumerable<(double X, double Y)> points, bool closed = false)
    {
        var path = string.Join('L', points.Select(point => $"{Pixel(point.X)} {Pixel(point.Y)}"));
        return path.Length == 0
            ? null
            : new("path", new XAttribute("class", css), new XAttribute("d", $"M{path}{(closed ? "Z" : "")}"));
    }

    /// <summary>What a pointer that rests on an element is told.</summary>
    public static XElement Tooltip(string text) => new("title", text);

    /// <summary>About how wide a text is, in pixels; without a font at hand nobody knows better.</summary>
    public static double WidthOf(string text) => text.Length * CharacterWidth * FontSize;

    /// <summary>A text that fits a width; what is cut is marked by an ellipsis.</summary>
    public static string Fit(string text, double width)
    {
        var characters = (int)(width / (CharacterWidth * FontSize));
        return text.Length <= characters ? text : string.Concat(text.AsSpan(0, Math.Max(characters - 1, 1)), "…");
    }

    /// <summary>The class of a series' colour and, past the last colour, of its dashes.</summary>
    public static string Colour(int index) => index < Colours ? $"c{index}" : $"c{index % Colours} dashed";

    /// <summary>A coordinate, to a tenth of a pixel.</summary>
    public static string Pixel(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);
}
