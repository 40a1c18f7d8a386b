using Plait.Benchmarks.Scenes.Geometry;
using Plait.Benchmarks.Scenes.Rendering;
using Plait.Benchmarks.Scenes.Things;
using Plait.Benchmarks.Scenes.Worlds;

namespace Plait.Benchmarks.Scenes;

/// <summary>Builds one scene, takes its picture, and writes both picture and ground truth into a set.</summary>
internal static class SceneRenderer
{
    private static readonly (double Column, double Row)[] Samples =
    [
        (0.25, 0.25),
        (0.75, 0.25),
        (0.25, 0.75),
        (0.75, 0.75),
    ];

    /// <summary>Renders a scene.</summary>
    /// <param name="set">Where to.</param>
    /// <param name="place">The scene's place in the set.</param>
    /// <param name="world">What it is of.</param>
    /// <param name="domain">How it looks.</param>
    /// <param name="chance">What it is drawn from; its own.</param>
    public static void Render(SceneSet set, int place, World world, Domain domain, Random chance)
    {
        var style = Style.Of(domain);
        var make = new Workshop(chance, style);
        var scene = world == World.Room ? Rooms.Furnish(make) : Streets.Build(make);
        var view = Look(scene, set.Side);
        var picture = Picture(scene, set.Side);
        Development.Expose(picture, style, chance);
        Write(set, place, scene, view);
        var first = place * set.Pixels;
        Discontinuities.Mark(view, set.Edges.AsSpan(first, set.Pixels), set.Boundaries.AsSpan(first, set.Pixels));
        Saliency.Mark(view, picture, set.Saliency.AsSpan(first, set.Pixels));
        Development.Write(picture, style, chance, set.Images.AsSpan(3 * first, 3 * set.Pixels));
    }

    /// <summary>What the ray through the middle of each pixel meets.</summary>
    public static View Look(Scene scene, int side)
    {
        var view = new View(scene.Camera, side);
        for (var pixel = 0; pixel < side * side; pixel++)
        {
            if (scene.Trace(view.RayOf(pixel), out var hit))
            {
                view[pixel] = hit;
            }
        }

        return view;
    }

    /// <summary>The light that arrives at each pixel, from 2 × 2 places of it.</summary>
    private static Vector[] Picture(Scene scene, int side)
    {
        var picture = new Vector[side * side];
        for (var pixel = 0; pixel < picture.Length; pixel++)
        {
            var (row, column) = Math.DivRem(pixel, side);
            var sum = default(Vector);
            foreach (var sample in Samples)
            {
                sum += scene.Shade(scene.Camera.RayThrough((column + sample.Column) / side, (row + sample.Row) / side));
            }

            picture[pixel] = sum * (1.0 / Samples.Length);
        }

        return picture;
    }

    private static void Write(SceneSet set, int place, Scene scene, View view)
    {
        for (var pixel = 0; pixel < set.Pixels; pixel++)
        {
            var at = (place * set.Pixels) + pixel;
            if (view[pixel] is not { } hit)
            {
                set.Depths[at] = float.NaN;
                continue;
            }

            set.Classes[at] = (byte)hit.Piece.Class;
            set.Parts[at] = (byte)hit.Piece.Part;
            set.Instances[at] = (byte)hit.Instance;
            set.Depths[at] = (float)view.DepthOf(pixel);
            var normal = scene.Camera.ToCamera(hit.Normal) * SceneSet.NormalScale;
            var channel = (3 * place * set.Pixels) + pixel;
            set.Normals[channel] = (short)Math.Round(normal.X);
            set.Normals[channel + set.Pixels] = (short)Math.Round(normal.Y);
            set.Normals[channel + (2 * set.Pixels)] = (short)Math.Round(normal.Z);
        }
    }
}
