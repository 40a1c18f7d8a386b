using CsCheck;
using Plait.Benchmarks.Scenes.Geometry;

namespace Plait.Benchmarks.Tests.Scenes;

public sealed class SolidTests
{
    private const double Step = 4e-3;

    private static readonly Gen<Vector> Around = Gen.Select(
        Gen.Double[-1, 1],
        Gen.Double[-1, 1],
        Gen.Double[-1, 1],
        (x, y, z) => new Vector(x, y, z)
    );

    private static readonly Gen<Vector> Sizes = Gen.Select(
        Gen.Double[0.2, 1],
        Gen.Double[0.2, 1],
        Gen.Double[0.2, 1],
        (x, y, z) => new Vector(x, y, z)
    );

    /// <summary>From outside of everything below to somewhere near its middle.</summary>
    private static readonly Gen<Ray> Rays = Gen.Select(
        Around.Where(direction => direction.Length > 0.1),
        Around,
        (direction, target) =>
        {
            var origin = direction.Unit() * 6;
            return new Ray(origin, (target - origin).Unit());
        }
    );

    [Fact]
    public void A_ray_enters_a_box_where_a_march_along_it_first_is_inside() =>
        Gen.Select(Rays, Around, Sizes, Gen.Double[-3, 3])
            .Sample(
                (ray, centre, half, yaw) =>
                {
                    var right = new Vector(Math.Cos(yaw), 0, -Math.Sin(yaw));
                    var front = new Vector(Math.Sin(yaw), 0, Math.Cos(yaw));
                    RequireEntry(
                        new Box(centre, half, yaw),
                        ray,
                        point =>
                            Math.Abs((point - centre).Dot(right)) <= half.X
                            && Math.Abs(point.Y - centre.Y) <= half.Y
                            && Math.Abs((point - centre).Dot(front)) <= half.Z
                    );
                }
            );

    [Fact]
    public void A_ray_enters_an_ellipsoid_where_a_march_along_it_first_is_inside() =>
        Gen.Select(Rays, Around, Sizes)
            .Sample(
                (ray, centre, radii) =>
                    RequireEntry(
                        new Ellipsoid(centre, radii),
                        ray,
                        point =>
                        {
                            var away = point - centre;
                            return new Vector(away.X / radii.X, away.Y / radii.Y, away.Z / radii.Z).Length <= 1;
                        }
                    )
            );

    [Fact]
    public void A_ray_enters_a_cylinder_or_cone_where_a_march_along_it_first_is_inside() =>
        Gen.Select(Rays, Around, Around, Gen.Double[0, 0.8], Gen.Double[0.1, 0.8])
            .Where(one => (one.Item2 - one.Item3).Length > 0.2)
            .Sample(
                (ray, start, end, startRadius, endRadius) =>
                    RequireEntry(
                        new Frustum(start, end, startRadius, endRadius),
                        ray,
                        point =>
                        {
                            var axis = (end - start).Unit();
                            var along = (point - start).Dot(axis);
                            var share = along / (end - start).Length;
                            return share is >= 0 and <= 1
                                && (point - start - (axis * along)).Length
                                    <= startRadius + (share * (endRadius - startRadius));
                        }
                    )
            );

    [Theory]
    [InlineData(0, 0.3)]
    [InlineData(1e-27, 0.3)]
    public void A_ray_enters_a_cone_by_its_tip(double startRadius, double endRadius)
    {
        var axis = new Vector(-0.35, 0.01, -0.05);
        for (var turn = 0; turn < 1_000; turn++)
        {
            var (cos, sin) = (Math.Cos(turn), Math.Sin(turn));
            Vector Turn(Vector v) => new((cos * v.X) - (sin * v.Y), (sin * v.X) + (cos * v.Y), v.Z);
            var tip = Turn(new(0.1, 0.2, 0.3));
            var origin = tip + Turn(new(6, 0.5, 0));
            var ray = new Ray(origin, (tip - origin).Unit());

            Assert.True(new Frustum(tip, tip + Turn(axis), startRadius, endRadius).Meets(ray, 100, out var crossing));
            Assert.Equal((tip - origin).Length, crossing.Distance, 8);
            Assert.True(crossing.Normal.Dot(ray.Direction) < 0);
        }
    }

    [Fact]
    public void A_plane_is_met_from_the_side_of_its_normal_alone()
    {
        var ground = new Plane(default, Vector.Up);
        var down = new Ray(new(3, 2, 1), new Vector(0, -1, 1).Unit());

        Assert.True(ground.Meets(down, 100, out var crossing));
        Assert.Equal(2 * Math.Sqrt(2), crossing.Distance, 12);
        Assert.Equal(Vector.Up, crossing.Normal);
        Assert.False(ground.Meets(down, 2.8, out _));
        Assert.False(ground.Meets(down with { Origin = new(3, -2, 1) }, 100, out _));
        Assert.False(ground.Meets(new(new(0, 1, 0), new(1, 0, 0)), 100, out _));
    }

    private static void RequireEntry(Solid solid, Ray ray, Func<Vector, bool> isInside)
    {
        var met = solid.Meets(ray, 100, out var crossing);
        var marched = 0.0;
        while (marched < 12 && !IsWellInside(ray.At(marched), isInside))
        {
            marched += Step;
        }

        if (!met)
        {
            Assert.True(marched >= 12, $"inside at {marched}, and not met");
            return;
        }

        Assert.InRange(crossing.Distance, 0, marched);
        Assert.Equal(1, crossing.Normal.Length, 9);
        Assert.True(crossing.Normal.Dot(ray.Direction) < 1e-9);
        Assert.InRange(crossing.Face, 0, Solid.MostFaces - 1);
        Assert.False(solid.Meets(ray, crossing.Distance - 1e-7, out _));

        // On the skin: towards the middle of a convex body is inside, away from it outside.
        var (point, (middle, radius)) = (ray.At(crossing.Distance), solid.Bounds);
        Assert.InRange((point - middle).Length, 0, radius + 1e-9);
        Assert.True(isInside(point + ((middle - point) * 1e-6)), $"the skin is not at {crossing}");
        Assert.False(isInside(point - ((middle - point) * 1e-6)), $"the skin is not at {crossing}");
    }

    /// <summary>Inside with some room around, so that rounding at the skin decides nothing.</summary>
    private static bool IsWellInside(Vector point, Func<Vector, bool> isInside) =>
        isInside(point)
        && new[] { -1e-6, 1e-6 }.All(away =>
            isInside(point + new Vector(away, 0, 0))
            && isInside(point + new Vector(0, away, 0))
            && isInside(point + new Vector(0, 0, away))
        );
}
