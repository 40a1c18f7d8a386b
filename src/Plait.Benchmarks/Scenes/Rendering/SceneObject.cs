using Plait.Benchmarks.Scenes.Geometry;

namespace Plait.Benchmarks.Scenes.Rendering;

/// <summary>Bodies that belong together, with a sphere around them that most rays miss.</summary>
internal sealed class SceneObject
{
    private readonly Piece[] pieces;
    private readonly Vector centre;
    private readonly double radius;

    /// <summary>Holds bodies.</summary>
    /// <param name="pieces">One or more.</param>
    /// <param name="instance">Its number from 1 when it is one of several countable things, 0 when it is not.</param>
    public SceneObject(IReadOnlyList<Piece> pieces, int instance)
    {
        this.pieces = [.. pieces];
        Instance = instance;
        var bounds = pieces.Select(piece => piece.Solid.Bounds).ToArray();
        var sum = bounds.Aggregate(default(Vector), (total, bound) => total + bound.Centre);
        centre = sum * (1.0 / bounds.Length);
        radius = bounds.Max(bound => (bound.Centre - centre).Length + bound.Radius);
    }

    /// <summary>Its number from 1, or 0.</summary>
    public int Instance { get; }

    /// <summary>Whether it ends somewhere, so that it can be in a light's way.</summary>
    public bool IsBounded => double.IsFinite(radius);

    /// <summary>The bodies.</summary>
    public IReadOnlyList<Piece> Pieces => pieces;

    /// <summary>Finds the first body that a ray enters.</summary>
    /// <param name="ray">The ray.</param>
    /// <param name="limit">Only what is nearer counts.</param>
    /// <param name="crossing">Where.</param>
    /// <param name="place">The body's place in <see cref="Pieces"/>.</param>
    public bool Meets(in Ray ray, double limit, out Crossing crossing, out int place)
    {
        crossing = new(limit, default, 0);
        place = -1;
        if (!MayMeet(ray, limit))
        {
            return false;
        }

        for (var i = 0; i < pieces.Length; i++)
        {
            if (pieces[i].Solid.Meets(ray, crossing.Distance, out var nearer))
            {
                crossing = nearer;
                place = i;
            }
        }

        return place >= 0;
    }

    /// <summary>Whether it is in a ray's way at all.</summary>
    public bool Blocks(in Ray ray, double limit)
    {
        if (!MayMeet(ray, limit))
        {
            return false;
        }

        foreach (var piece in pieces)
        {
            if (piece.Solid.Meets(ray, limit, out _))
            {
                return true;
            }
        }

        return false;
    }

    private bool MayMeet(in Ray ray, double limit)
    {
        if (!IsBounded)
        {
            return true;
        }

        var away = centre - ray.Origin;
        var along = away.Dot(ray.Direction);
        var square = away.Dot(away);
        var reach = radius * radius;
        return square - (along * along) <= reach && (along >= 0 || square <= reach) && along - radius <= limit;
    }
}
