using Plait.Benchmarks.Scenes;
using Plait.Benchmarks.Scenes.Geometry;
using Plait.Benchmarks.Scenes.Rendering;
using Plait.Benchmarks.Scenes.Things;
using Plait.Benchmarks.Scenes.Worlds;
using Plait.Numerics;

namespace Plait.Benchmarks.Tests.Scenes;

/// <summary>What must hold in every scene, looked at in some of both worlds and domains.</summary>
public sealed class SceneTruthTests
{
    private const int Side = 40;
    private const int Count = 12;

    private static readonly SceneSet Set = SceneSet.Render(Count, Side, seed: 11);

    public static TheoryData<int> Scenes => [.. Enumerable.Range(0, Count)];

    [Theory]
    [MemberData(nameof(Scenes))]
    public void Sky_alone_has_neither_depth_nor_normal(int scene)
    {
        for (var pixel = 0; pixel < Set.Pixels; pixel++)
        {
            var isSky = Class(scene, pixel) == SemanticClass.Sky;
            var normal = Normal(scene, pixel);
            Assert.Equal(isSky, float.IsNaN(Depth(scene, pixel)));
            Assert.Equal(isSky ? 0 : 1, normal.Length, 1e-4);
            Assert.False(isSky && SceneSet.WorldOf(scene) == World.Room);
            Assert.False(Depth(scene, pixel) is <= 0 or > 50);
        }
    }

    [Theory]
    [MemberData(nameof(Scenes))]
    public void Parts_lie_on_what_they_are_parts_of(int scene)
    {
        for (var pixel = 0; pixel < Set.Pixels; pixel++)
        {
            var at = (scene * Set.Pixels) + pixel;
            var expected = (Part)Set.Parts[at] switch
            {
                Part.Head or Part.Torso or Part.Limb => [SemanticClass.Person],
                Part.Board or Part.Support => [SemanticClass.Table, SemanticClass.Seat, SemanticClass.Shelf],
                Part.Body or Part.Wheel => [SemanticClass.Car],
                _ => Enum.GetValues<SemanticClass>()
                    .Except([
                        SemanticClass.Person,
                        SemanticClass.Table,
                        SemanticClass.Seat,
                        SemanticClass.Shelf,
                        SemanticClass.Car,
                    ]),
            };
            Assert.Contains(Class(scene, pixel), expected);
            Assert.Equal(Class(scene, pixel) >= SemanticClass.Table, Set.Instances[at] > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Scenes))]
    public void Where_classes_or_things_change_there_is_a_line_and_boundaries_are_edges(int scene)
    {
        var first = scene * Set.Pixels;
        foreach (var (pixel, other) in Neighbours())
        {
            var (a, b) = (first + pixel, first + other);
            Assert.True(Set.Classes[a] == Set.Classes[b] || Set.Edges[a] + Set.Edges[b] > 0);
            Assert.True(Set.Instances[a] == Set.Instances[b] || Set.Boundaries[a] + Set.Boundaries[b] > 0);
        }

        for (var pixel = first; pixel < first + Set.Pixels; pixel++)
        {
            Assert.True(Set.Boundaries[pixel] <= Set.Edges[pixel]);
        }
    }

    [Theory]
    [MemberData(nameof(Scenes))]
    public void Whole_things_are_salient_or_not_and_nothing_else_is(int scene)
    {
        var pixels = Enumerable.Range(scene * Set.Pixels, Set.Pixels);
        Assert.All(
            pixels.GroupBy(pixel => Set.Instances[pixel]),
            thing => Assert.Single(thing.Select(pixel => Set.Saliency[pixel]).Distinct())
        );
        Assert.All(pixels.Where(pixel => Set.Instances[pixel] == 0), pixel => Assert.Equal(0, Set.Saliency[pixel]));
    }

    /// <summary>The points that depths put in space lie, within one smooth face, in the plane of its normal.</summary>
    [Theory]
    [InlineData(World.Room, Domain.Day)]
    [InlineData(World.Room, Domain.Dusk)]
    [InlineData(World.Street, Domain.Day)]
    [InlineData(World.Street, Domain.Dusk)]
    public void Normals_are_those_of_the_points_that_depths_put_in_space(object world, object domain)
    {
        var make = new Workshop(Seeds.Generator(5, (long)(World)world), Style.Of((Domain)domain));
        var scene = (World)world == World.Room ? Rooms.Furnish(make) : Streets.Build(make);
        var view = SceneRenderer.Look(scene, 64);
        var (flat, steps) = (0, 0);
        for (var pixel = 0; pixel < view.Pixels - view.Side; pixel++)
        {
            foreach (var other in new[] { pixel + 1, pixel + view.Side })
            {
                if (
                    view[pixel] is not { } a
                    || view[other] is not { } b
                    || a.Surface != b.Surface
                    || other % view.Side == 0
                )
                {
                    continue;
                }

                var step = (Point(view, scene, other) - Point(view, scene, pixel)).Unit();
                Assert.InRange(Math.Abs(step.Dot((a.Normal + b.Normal).Unit())), 0, 0.12); // exact in the middle of a curve
                flat += Math.Abs(step.Dot(a.Normal)) < 1e-9 ? 1 : 0;
                steps++;
            }

            Assert.True(view[pixel] is not { } seen || seen.Normal.Dot(view.RayOf(pixel).Direction) < 0);
        }

        Assert.InRange(flat, steps * 0.6, steps - 1); // floors, walls, boards; the rest is round
    }

    private static Vector Point(View view, Scene scene, int pixel)
    {
        var ray = view.RayOf(pixel);
        return ray.At(view.DepthOf(pixel) / scene.Camera.Depth(ray, 1));
    }

    private static IEnumerable<(int Pixel, int Other)> Neighbours()
    {
        for (var pixel = 0; pixel < Set.Pixels; pixel++)
        {
            if ((pixel + 1) % Side != 0)
            {
                yield return (pixel, pixel + 1);
            }

            if (pixel + Side < Set.Pixels)
            {
                yield return (pixel, pixel + Side);
            }
        }
    }

    private static SemanticClass Class(int scene, int pixel) =>
        (SemanticClass)Set.Classes[(scene * Set.Pixels) + pixel];

    private static float Depth(int scene, int pixel) => Set.Depths[(scene * Set.Pixels) + pixel];

    private static Vector Normal(int scene, int pixel)
    {
        var at = (3 * scene * Set.Pixels) + pixel;
        var normal = new Vector(Set.Normals[at], Set.Normals[at + Set.Pixels], Set.Normals[at + (2 * Set.Pixels)]);
        return normal * (1 / SceneSet.NormalScale);
    }
}
