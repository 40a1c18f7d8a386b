using System.Globalization;
using System.Xml.Linq;
using CsCheck;
using Plait.Reporting.Gradients;

namespace Plait.Reporting.Tests.Gradients;

public sealed class GradientPictureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Lengths_and_angles_of_the_gradients_are_kept() =>
        Gen.Select(Gen.Int[2, 3], Gen.Int[2, 9], Gen.Int[-12, 12])
            .SelectMany(shape =>
                Gen.Double[-1, 1].Select(x => x * Math.Pow(10, shape.Item3)).Array[shape.Item2].Array[shape.Item1]
            )
            .Sample(rows =>
            {
                var unit = rows.Max(row => row.Max(Math.Abs));
                if (unit == 0)
                {
                    return;
                }

                var span = new GradientSpan([.. rows.Select(row => new PictureVector("", row, ""))]);
                Point[] points = [.. rows.Select(row => span.Coordinates(row))];

                for (var i = 0; i < rows.Length; i++)
                {
                    for (var j = 0; j < rows.Length; j++)
                    {
                        var product = rows[i].Zip(rows[j], (a, b) => a / unit * (b / unit)).Sum();
                        Assert.Equal(product, Point.Dot(points[i], points[j]), 1e-5);
                    }
                }
            });

    [Fact]
    public void Every_arrow_ends_where_its_vector_does()
    {
        var picture = Draw(
            [
                [3, 0],
                [0, 2],
            ],
            [
                [1.5, 1],
            ]
        );

        var arrows = Arrows(picture);

        // All three from one origin, at one scale; down is positive in a picture.
        var scale = (arrows[0].X2 - arrows[0].X1) / 3;
        Assert.All(arrows, arrow => Assert.Equal((arrows[0].X1, arrows[0].Y1), (arrow.X1, arrow.Y1)));
        Assert.Equal(arrows[0].Y1, arrows[0].Y2, 0.11);
        Assert.Equal(2 * scale, arrows[1].Y1 - arrows[1].Y2, 0.2);
        Assert.Equal(1.5 * scale, arrows[2].X2 - arrows[2].X1, 0.2);
        Assert.Equal(scale, arrows[2].Y1 - arrows[2].Y2, 0.2);
    }

    [Theory]
    [InlineData(1e-200, "not drawn to scale")]
    [InlineData(1, "")]
    [InlineData(1e200, "not drawn to scale")]
    public void Pictures_do_not_depend_on_the_scale_of_a_case(double scale, string note)
    {
        double[][] gradients =
        [
            [3 * scale, 0],
            [0, 2 * scale],
        ];
        var expected = Draw(
            [
                [3, 0],
                [0, 2],
            ],
            [
                [1.5, 1],
            ]
        );

        var all = Draw(
            gradients,
            [
                [1.5 * scale, scale],
            ]
        );
        var update = Draw(
                gradients,
                [
                    [1.5, 1],
                ]
            )
            .Descendants(Svg + "text")
            .Select(text => text.Value);

        Assert.Equal(Arrows(expected), Arrows(all));
        Assert.Contains(update, text => text.Contains(note, StringComparison.Ordinal));
    }

    [Fact]
    public void Gradients_far_apart_in_length_are_drawn_as_directions()
    {
        var picture = Draw(
            [
                [1e-9, 0],
                [0, 1],
            ],
            [
                [1, 1],
            ]
        );

        var arrows = Arrows(picture);
        Assert.Equal(arrows[0].X2 - arrows[0].X1, arrows[1].Y1 - arrows[1].Y2, 0.2);
        Assert.Contains("directions only", picture.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("convex hull", picture.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_cannot_break_the_picture()
    {
        var vector = new PictureVector("<&\0\ud800", new double[] { 1, 2, 3, 4 }, "]]>");

        var text = GradientPicture.Render("\"<svg>\u0001", [vector, vector, vector], [vector]);

        Assert.Contains("<&\ufffd\ufffd", XDocument.Parse(text).Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_what_it_cannot_show()
    {
        Assert.Throws<ArgumentException>(() =>
            Draw(
                [
                    [1, 2],
                ],
                []
            )
        );
        Assert.Throws<ArgumentException>(() =>
            Draw(
                [
                    [1, 2],
                    [1, 2],
                    [1, 2],
                    [1, 2],
                ],
                []
            )
        );
        Assert.Throws<ArgumentException>(() =>
            Draw(
                [
                    [1, 2],
                    [1, 2, 3],
                ],
                []
            )
        );
        Assert.Throws<ArgumentException>(() =>
            Draw(
                [
                    [1, 2],
                    [1, 2],
                ],
                [
                    [1],
                ]
            )
        );
    }

    private static XElement Draw(double[][] gradients, double[][] updates) =>
        XDocument
            .Parse(
                GradientPicture.Render(
                    "case",
                    [.. gradients.Select(one => new PictureVector("gradient", one, ""))],
                    [.. updates.Select(one => new PictureVector("update", one, ""))]
                )
            )
            .Root!;

    /// <summary>The lines that have an arrow's head beside them, in order.</summary>
    private static (double X1, double Y1, double X2, double Y2)[] Arrows(XElement picture) =>
        [
            .. picture
                .Descendants(Svg + "path")
                .Where(path => (string)path.Attribute("class")! == "stroke" && path.ElementsAfterSelf().Count() > 1)
                .Select(path =>
                    ((string)path.Attribute("d")!)
                        .TrimStart('M')
                        .Split(' ', 'L')
                        .Select(number => double.Parse(number, CultureInfo.InvariantCulture))
                        .ToArray()
                )
                .Select(ends => (ends[0], ends[1], ends[2], ends[3])),
        ];
}
