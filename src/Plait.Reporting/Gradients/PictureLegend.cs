using System.Xml.Linq;
using Plait.Reporting.Plots;

namespace Plait.Reporting.Gradients;

/// <summary>What the parts of a picture are: one row each.</summary>
internal sealed class PictureLegend
{
    private const double Swatch = 22;
    private const double Left = 8;

    private readonly List<(string Group, string Mark, string Text)> rows = [];

    public PictureLegend(PictureScale scale, bool hasCone)
    {
        Arrow[] arrows = [.. scale.Gradients, .. scale.Updates];
        for (var i = 0; i < arrows.Length; i++)
        {
            var isUpdate = i >= scale.Gradients.Count;
            rows.Add(
                (
                    $"{Svg.Colour(i + 1)} line{(isUpdate ? " update" : "")}",
                    "stroke",
                    $"{(isUpdate ? "update by" : "gradient of")} {arrows[i].Label}: {arrows[i].Note}"
                )
            );
        }

        rows.Add(
            hasCone
                ? ("", "cone", "cone of common descent: along these updates no loss rises")
                : ("", "", "no update but zero descends for all tasks")
        );
        rows.Add(
            scale.IsTrue
                ? ("", "hull", "convex hull of the gradients")
                : ("", "", "directions only: the gradients' lengths are too far apart to be drawn")
        );
        if (!scale.Span.IsOfParameters)
        {
            rows.Add(
                ("", "", $"seen in the {(scale.Span.Dimensions == 2 ? "plane" : "space")} that the gradients span")
            );
        }
    }

    public int Rows => rows.Count;

    /// <summary>The rows below each other.</summary>
    /// <param name="top">The first row's base line.</param>
    /// <param name="rowHeight">From one base line to the next.</param>
    /// <param name="width">What does not fit is cut.</param>
    public IEnumerable<XElement> Draw(double top, double rowHeight, double width) =>
        rows.Select(
            (row, i) =>
            {
                var y = top + (i * rowHeight);
                var middle = y - 4;
                return new XElement(
                    "g",
                    new XAttribute("class", row.Group),
                    row.Mark switch
                    {
                        "" => null,
                        "stroke" => Svg.Path("stroke", [(Left, middle), (Left + Swatch, middle)]),
                        _ => Svg.Rectangle(row.Mark, Left, middle - 4, Swatch, 8),
                    },
                    Svg.Text("label", Left + Swatch + 8, y, Svg.Fit(row.Text, width - Left - Swatch - 12))
                );
            }
        );
}
