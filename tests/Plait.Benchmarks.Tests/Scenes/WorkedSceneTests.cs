using Plait.Benchmarks.Scenes;
using Plait.Benchmarks.Scenes.Geometry;
using Plait.Benchmarks.Scenes.Rendering;

namespace Plait.Benchmarks.Tests.Scenes;

/// <summary>Scenes small enough that every pixel's truth is a formula.</summary>
public sealed class WorkedSceneTests
{
    private const int Side = 65; // odd, so that one pixel looks straight ahead
    private const double Right = Math.PI / 2; // a field of view

    private static readonly Texture Grey = new(Pattern.Plain, new(0.5, 0.5, 0.5), default, 1, (1, 0), default, false);

    [Fact]
    public void A_floor_is_as_deep_as_its_height_over_the_slope_of_the_view()
    {
        var level = Look(0, Floor());
        for (var row = 33; row < Side; row++)
        {
            var slope = (2 * (row + 0.5) / Side) - 1;
            foreach (var column in new[] { 0, 20, 64 })
            {
                Assert.Equal(1.5 / slope, level.DepthOf((row * Side) + column), 9);
            }
        }

        Assert.Null(level[(31 * Side) + 5]);
        Assert.Equal(double.PositiveInfinity, level.DepthOf((31 * Side) + 5));
    }

    [Fact]
    public void A_floor_seen_at_a_slant_has_a_normal_that_leans_towards_the_camera()
    {
        const double Down = 0.4;
        var camera = new Camera(new(0, 1.5, 0), yaw: 0.7, pitch: -Down, roll: 0, Right);
        var normal = camera.ToCamera(Vector.Up);

        Assert.Equal(0, normal.X, 12);
        Assert.Equal(Math.Cos(Down), normal.Y, 12);
        Assert.Equal(Math.Sin(Down), normal.Z, 12);

        // The middle of the image looks down by the pitch.
        var scene = Scene(camera, Floor());
        Assert.Equal(1.5 / Math.Sin(Down), SceneRenderer.Look(scene, Side).DepthOf((32 * Side) + 32), 9);
    }

    [Fact]
    public void To_the_left_is_left_up_is_up_and_a_roll_turns_the_image_the_other_way()
    {
        var left = new Camera(default, yaw: 0.5, pitch: 0, roll: 0, Right).RayThrough(0.5, 0.5).Direction;
        var up = new Camera(default, yaw: 0, pitch: 0.5, roll: 0, Right).RayThrough(0.5, 0.5).Direction;
        var rolled = new Camera(default, yaw: 0, pitch: 0, roll: 0.5, Right).ToCamera(Vector.Up);
        var corner = new Camera(default, yaw: 0, pitch: 0, roll: 0, Right).RayThrough(1, 0).Direction;

        Assert.Equal(-Math.Sin(0.5), left.X, 12);
        Assert.Equal(Math.Sin(0.5), up.Y, 12);
        Assert.Equal(new[] { Math.Sin(0.5), Math.Cos(0.5), 0 }, new[] { rolled.X, rolled.Y, rolled.Z }, Near);
        Assert.Equal(new[] { 1, 1, -1 }, new[] { corner.X, corner.Y, corner.Z }.Select(x => Math.Sign(x)));
    }

    [Fact]
    public void A_ball_on_a_wall_has_one_line_around_it_and_none_within()
    {
        var view = Look(0, Wall(), Ball(1, new(0, 1.5, -4), 1));
        var (edges, boundaries) = Lines(view);

        Assert.Equal(edges, boundaries);
        for (var pixel = 0; pixel < view.Pixels; pixel++)
        {
            var isRim =
                view[pixel] is { Instance: 1 }
                && new[] { pixel - 1, pixel + 1, pixel - Side, pixel + Side }.Any(next =>
                    view[next] is { Instance: 0 }
                );
            Assert.Equal(isRim ? 1 : 0, edges[pixel]); // on the ball, which is nearer, and one pixel wide
        }

        Assert.InRange(edges.Count(mark => mark == 1), 40, 80);
    }

    [Fact]
    public void Faces_that_go_on_as_one_plane_are_not_parted_and_those_that_meet_at_an_angle_are()
    {
        var beside = Lines(Look(0, Block(-0.5, -4), Block(0.5, -4)));
        var behind = Lines(Look(0, Block(-0.5, -4), Block(0.5, -5)));
        var corner = Lines(Look(0, Wall(), Floor()));
        const int Middle = 32 * Side;

        Assert.Equal(0, beside.Edges[Middle + 31] + beside.Edges[Middle + 32]);
        Assert.Equal(1, behind.Edges[Middle + 31] + behind.Edges[Middle + 32]);
        Assert.Equal(0, behind.Boundaries[Middle + 31] + behind.Boundaries[Middle + 32]); // neither is countable
        Assert.Equal(Side, corner.Edges.Count(mark => mark == 1));
    }

    [Fact]
    public void The_thing_that_is_larger_or_brighter_or_more_central_is_salient()
    {
        var white = Grey with { First = new(1, 1, 1) };
        Assert.Equal([2], Salient(Ball(1, new(-2, 1.5, -5), 0.6), Ball(2, new(2, 1.5, -5), 1.2)));
        Assert.Equal([2], Salient(Ball(1, new(-2, 1.5, -5), 1), Ball(2, new(2, 1.5, -5), 1, white)));
        Assert.Equal([2], Salient(Ball(1, new(-3.5, 1.5, -5), 1), Ball(2, new(0, 1.5, -5), 1)));
        Assert.Equal([1, 2], Salient(Ball(1, new(-2, 1.5, -5), 1), Ball(2, new(2, 1.5, -5), 1)));
        Assert.Empty(Salient(Ball(1, new(0, 1.5, -5), 0.2)));
    }

    [Fact]
    public void What_is_in_the_way_of_the_sun_throws_a_shadow_and_what_faces_away_is_dark()
    {
        var sun = new Light(Vector.Up, new(1, 1, 1), IsSun: true);
        var scene = new Scene([Floor(), Ball(1, new(0, 3, -4), 0.5)])
        {
            Camera = new Camera(new(0, 1.5, 0), 0, 0, 0, Right),
            Lights = [sun],
            Ambient = new(0.2, 0.2, 0.2),
            Sky = new(default, default, 0, default),
            Haze = 0,
            Far = 50,
        };

        Assert.Equal(0.5 * 1.2, Light(new(2, 0, -4)), 9);
        Assert.Equal(0.5 * 0.2, Light(new(0, 0, -4)), 9);
        Assert.InRange(Light(new(0, 2.55, -3.8)), 0.05, 0.11); // its lower side, by the light from everywhere

        double Light(Vector target)
        {
            var origin = scene.Camera.Position;
            return scene.Shade(new Ray(origin, (target - origin).Unit())).X;
        }
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-12;

    private static SceneObject Floor() => Stuff(new Plane(default, Vector.Up), SemanticClass.Ground);

    private static SceneObject Wall() => Stuff(new Plane(new(0, 0, -5), new(0, 0, 1)), SemanticClass.Ground);

    private static SceneObject Block(double x, double z) =>
        Stuff(new Box(new(x, 1.5, z - 0.5), new(0.5, 0.5, 0.5)), SemanticClass.Wall);

    private static SceneObject Stuff(Solid solid, SemanticClass kind) =>
        new([new(solid, Grey, kind, Part.Background)], 0);

    private static SceneObject Ball(int instance, Vector centre, double radius, Texture? texture = null) =>
        new([new(new Ellipsoid(centre, radius), texture ?? Grey, SemanticClass.Ball, Part.Background)], instance);

    private static Scene Scene(Camera camera, params SceneObject[] objects) =>
        new(objects)
        {
            Camera = camera,
            Lights = [],
            Ambient = new(1, 1, 1),
            Sky = new(default, default, 0, default),
            Haze = 0,
            Far = 200,
        };

    private static View Look(double yaw, params SceneObject[] objects) =>
        SceneRenderer.Look(Scene(new Camera(new(0, 1.5, 0), yaw, 0, 0, Right), objects), Side);

    private static (byte[] Edges, byte[] Boundaries) Lines(View view)
    {
        var (edges, boundaries) = (new byte[view.Pixels], new byte[view.Pixels]);
        Discontinuities.Mark(view, edges, boundaries);
        return (edges, boundaries);
    }

    private static IEnumerable<int> Salient(params SceneObject[] things)
    {
        var scene = Scene(new Camera(new(0, 1.5, 0), 0, 0, 0, Right), [Wall(), .. things]);
        var view = SceneRenderer.Look(scene, Side);
        var picture = Enumerable
            .Range(0, view.Pixels)
            .Select(pixel => view[pixel] is { Instance: > 0 } hit ? hit.Piece.Texture.At(default) : default)
            .ToArray();
        var mask = new byte[view.Pixels];
        Saliency.Mark(view, picture, mask);
        return Enumerable
            .Range(0, view.Pixels)
            .Where(pixel => mask[pixel] == 1)
            .Select(pixel => view[pixel]!.Value.Instance)
            .Distinct()
            .Order();
    }
}
