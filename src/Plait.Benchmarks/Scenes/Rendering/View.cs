using Plait.Benchmarks.Scenes.Geometry;

namespace Plait.Benchmarks.Scenes.Rendering;

/// <summary>What the ray through the middle of each pixel of an image meets; nothing where it is sky.</summary>
/// <param name="camera">Where it is seen from.</param>
/// <param name="side">The width and height of the image, pixels.</param>
internal sealed class View(Camera camera, int side)
{
    private readonly SceneHit?[] hits = new SceneHit?[side * side];

    /// <summary>The width and height of the image, pixels.</summary>
    public int Side => side;

    /// <summary>How many pixels it has.</summary>
    public int Pixels => hits.Length;

    /// <summary>What a pixel shows.</summary>
    public SceneHit? this[int pixel]
    {
        get => hits[pixel];
        set => hits[pixel] = value;
    }

    /// <summary>The ray through the middle of a pixel.</summary>
    public Ray RayOf(int pixel)
    {
        var (row, column) = Math.DivRem(pixel, side);
        return camera.RayThrough((column + 0.5) / side, (row + 0.5) / side);
    }

    /// <summary>A pixel's depth along the line of sight, metres; infinite for sky.</summary>
    public double DepthOf(int pixel) =>
        hits[pixel] is { } hit ? camera.Depth(RayOf(pixel), hit.Distance) : double.PositiveInfinity;

    /// <summary>How far away a pixel's surface would be at another pixel if it went on there as a plane; infinite where it never is.</summary>
    public double Continued(int pixel, int other)
    {
        if (hits[pixel] is not { } hit)
        {
            return double.PositiveInfinity;
        }

        var ray = RayOf(other);
        var point = RayOf(pixel).At(hit.Distance);
        var distance = (point - ray.Origin).Dot(hit.Normal) / ray.Direction.Dot(hit.Normal);
        return distance > 0 ? camera.Depth(ray, distance) : double.PositiveInfinity;
    }
}
