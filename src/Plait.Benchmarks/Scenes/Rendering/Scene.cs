using Plait.Benchmarks.Scenes.Geometry;

namespace Plait.Benchmarks.Scenes.Rendering;

/// <summary>What a ray from the camera meets first.</summary>
/// <param name="Distance">Along the ray, metres.</param>
/// <param name="Normal">Of the surface, in the world.</param>
/// <param name="Piece">The body.</param>
/// <param name="Instance">The number of the thing it belongs to, or 0.</param>
/// <param name="Surface">A number that no other smooth face of the scene has.</param>
internal readonly record struct SceneHit(double Distance, Vector Normal, Piece Piece, int Instance, int Surface);

/// <summary>Everything that one image shows, and how it is lit.</summary>
internal sealed class Scene
{
    private const double SkinDepth = 1e-4; // a shadow's ray starts this far above its surface, metres

    private readonly SceneObject[] objects;
    private readonly SceneObject[] blockers;
    private readonly int[] firstSurface;

    /// <summary>Holds objects.</summary>
    public Scene(IEnumerable<SceneObject> objects)
    {
        this.objects = [.. objects];
        blockers = [.. this.objects.Where(each => each.IsBounded)];
        firstSurface = new int[this.objects.Length];
        for (var i = 1; i < firstSurface.Length; i++)
        {
            firstSurface[i] = firstSurface[i - 1] + (this.objects[i - 1].Pieces.Count * Solid.MostFaces);
        }
    }

    /// <summary>Where it is seen from.</summary>
    public required Camera Camera { get; init; }

    /// <summary>The lights.</summary>
    public required IReadOnlyList<Light> Lights { get; init; }

    /// <summary>What arrives from everywhere, by channel.</summary>
    public required Vector Ambient { get; init; }

    /// <summary>What is behind everything.</summary>
    public required Sky Sky { get; init; }

    /// <summary>How much of the light is lost on a metre, as the rate of an exponential.</summary>
    public required double Haze { get; init; }

    /// <summary>Where the world ends, metres of depth: only sky is behind.</summary>
    public required double Far { get; init; }

    /// <summary>What a ray meets first.</summary>
    /// <returns>Whether there is anything within <see cref="Far"/>.</returns>
    public bool Trace(in Ray ray, out SceneHit hit)
    {
        var nearest = Far / Camera.Depth(ray, 1);
        hit = default;
        for (var i = 0; i < objects.Length; i++)
        {
            if (objects[i].Meets(ray, nearest, out var crossing, out var place))
            {
                nearest = crossing.Distance;
                hit = new(
                    nearest,
                    crossing.Normal,
                    objects[i].Pieces[place],
                    objects[i].Instance,
                    firstSurface[i] + (place * Solid.MostFaces) + crossing.Face
                );
            }
        }

        return hit.Piece is not null;
    }

    /// <summary>The light that comes along a ray: linear, by channel, not yet exposed.</summary>
    public Vector Shade(in Ray ray)
    {
        if (!Trace(ray, out var hit))
        {
            return Sky.Towards(ray.Direction);
        }

        var point = ray.At(hit.Distance);
        var light = Ambient * (0.75 + (0.25 * hit.Normal.Y)); // a little more from above than from below
        foreach (var source in Lights)
        {
            var (direction, distance, arriving) = source.From(point);
            var facing = hit.Normal.Dot(direction);
            if (facing > 0 && !IsBlocked(new Ray(point + (hit.Normal * SkinDepth), direction), distance))
            {
                light += arriving * facing;
            }
        }

        var left = Math.Exp(-Haze * hit.Distance);
        return (hit.Piece.Texture.At(point) * light * left) + (Sky.Horizon * (1 - left));
    }

    private bool IsBlocked(in Ray ray, double distance)
    {
        foreach (var blocker in blockers)
        {
            if (blocker.Blocks(ray, distance))
            {
                return true;
            }
        }

        return false;
    }
}
