using CsCheck;
using Plait.Reporting.Gradients;

namespace Plait.Reporting.Tests.Gradients;

public sealed class DescentConeTests
{
    private static readonly Gen<Point> InPlane = Gen.Select(
        Gen.Double[-1, 1],
        Gen.Double[-1, 1],
        (x, y) => new Point(x, y)
    );
    private static readonly Gen<Point> InSpace = Gen.Select(
        InPlane,
        Gen.Double[-1, 1],
        (flat, z) => flat with { Z = z }
    );

    [Fact]
    public void In_the_plane_a_direction_is_inside_where_it_descends_for_all() =>
        Gen.Select(InPlane.Array[2, 3], Gen.Double[0, 2 * Math.PI])
            .Sample(pair =>
            {
                var (gradients, angle) = pair;
                var direction = new Point(Math.Cos(angle), Math.Sin(angle));
                var least = gradients.Min(gradient => Point.Dot(gradient.Unit(), direction));
                if (Math.Abs(least) < 1e-6)
                {
                    return; // on the edge
                }

                var corners = DescentCone.InPlane(gradients, 1);
                Assert.Equal(least > 0, corners.Count > 0 && IsBetween(corners[1], corners[^1], direction));
            });

    [Fact]
    public void Opposite_gradients_leave_a_line_and_gradients_all_around_nothing()
    {
        var line = DescentCone.InPlane([new(1, 0), new(-2, 0)], 1);

        Assert.All(line, corner => Assert.Equal(0, corner.X, 9));
        Assert.Empty(DescentCone.InPlane([new(1, 0), new(-1, 1.5), new(-1, -1.5)], 1));
        Assert.Empty(DescentCone.InPlane([new(0, 0), new(0, 0)], 1));
    }

    [Fact]
    public void In_space_every_edge_is_square_to_two_gradients_and_descends_for_the_third() =>
        InSpace
            .Array[3]
            .Sample(gradients =>
            {
                Point[] unit = [.. gradients.Select(gradient => gradient.Unit())];
                if (Math.Abs(Point.Dot(unit[0], Point.Cross(unit[1], unit[2]))) < 1e-3)
                {
                    return; // nearly in a plane
                }

                var edges = DescentCone.InSpace(gradients, 2);

                for (var i = 0; i < 3; i++)
                {
                    Assert.Equal(2, edges[i].Length, 9);
                    Assert.True(Point.Dot(edges[i], unit[i]) > 0);
                    Assert.Equal(0, Point.Dot(edges[i], unit[(i + 1) % 3]), 9);
                    Assert.Equal(0, Point.Dot(edges[i], unit[(i + 2) % 3]), 9);
                }
            });

    private static bool IsBetween(Point first, Point last, Point direction) =>
        Point.Cross(first, direction).Z >= 0
        && Point.Cross(direction, last).Z >= 0
        && Point.Dot(first * 0.5, direction) + Point.Dot(last * 0.5, direction) >= 0;
}
