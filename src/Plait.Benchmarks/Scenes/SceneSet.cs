using Plait.Benchmarks.Scenes.Rendering;
using Plait.Numerics;

namespace Plait.Benchmarks.Scenes;

/// <summary>Rendered scenes with their ground truth, scene after scene, row by row from the top left.</summary>
/// <remarks>
/// Scene i depends on the seed and on i alone: a set is the beginning of every longer one, and no number of threads changes it.
/// Rooms and streets alternate, and of each the two domains do.
/// </remarks>
internal sealed class SceneSet
{
    /// <summary>Goes up whenever a scene of a seed comes out otherwise than before, so that no cached set outlives its renderer.</summary>
    public const int Version = 2;

    /// <summary>What normals are multiplied by before they are rounded: the error is below 0.002 degrees.</summary>
    public const double NormalScale = short.MaxValue;

    /// <summary>Makes room for a set.</summary>
    /// <param name="count">How many scenes.</param>
    /// <param name="side">The width and height of an image, pixels.</param>
    public SceneSet(int count, int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        (Count, Side) = (count, side);
        var pixels = checked(count * side * side);
        Images = new byte[checked(3 * pixels)];
        Classes = new byte[pixels];
        Parts = new byte[pixels];
        Instances = new byte[pixels];
        Edges = new byte[pixels];
        Saliency = new byte[pixels];
        Boundaries = new byte[pixels];
        Depths = new float[pixels];
        Normals = new short[3 * pixels];
    }

    /// <summary>How many scenes.</summary>
    public int Count { get; }

    /// <summary>The width and height of an image, pixels.</summary>
    public int Side { get; }

    /// <summary>The pixels of one image.</summary>
    public int Pixels => Side * Side;

    /// <summary>[scenes, 3, side, side]: red, green, blue.</summary>
    public byte[] Images { get; }

    /// <summary>[scenes, side, side]: <see cref="SemanticClass"/>.</summary>
    public byte[] Classes { get; }

    /// <summary>[scenes, side, side]: <see cref="Part"/>.</summary>
    public byte[] Parts { get; }

    /// <summary>[scenes, side, side]: the number of the thing from 1, or 0 where there is none.</summary>
    public byte[] Instances { get; }

    /// <summary>[scenes, side, side]: 1 where classes, depths or normals jump.</summary>
    public byte[] Edges { get; }

    /// <summary>[scenes, side, side]: 1 on what strikes the eye.</summary>
    public byte[] Saliency { get; }

    /// <summary>[scenes, side, side]: 1 where things begin and end.</summary>
    public byte[] Boundaries { get; }

    /// <summary>[scenes, side, side]: metres along the line of sight; NaN for sky.</summary>
    public float[] Depths { get; }

    /// <summary>[scenes, 3, side, side]: the unit normal in the camera's axes times <see cref="NormalScale"/>; 0 for sky.</summary>
    public short[] Normals { get; }

    /// <summary>What scene i is of.</summary>
    public static World WorldOf(int scene) => (World)(scene & 1);

    /// <summary>How scene i looks.</summary>
    public static Domain DomainOf(int scene) => (Domain)((scene >> 1) & 1);

    /// <summary>Renders scenes.</summary>
    /// <param name="count">How many.</param>
    /// <param name="side">The width and height of an image, pixels.</param>
    /// <param name="seed">What everything is drawn from.</param>
    /// <param name="threads">At most so many at once; −1 for one a processor. The result is the same.</param>
    public static SceneSet Render(int count, int side, long seed, int threads = -1)
    {
        var set = new SceneSet(count, side);
        Parallel.For(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            scene =>
            {
                var chance = Seeds.Generator(seed, Version, scene);
                SceneRenderer.Render(set, scene, WorldOf(scene), DomainOf(scene), chance);
            }
        );
        return set;
    }
}
