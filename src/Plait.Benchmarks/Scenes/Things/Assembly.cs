using Plait.Benchmarks.Scenes.Geometry;
using Plait.Benchmarks.Scenes.Rendering;

namespace Plait.Benchmarks.Scenes.Things;

/// <summary>Where something stands: its own axes are x to its right, y up and z towards its front.</summary>
/// <param name="Position">The middle of what it stands on.</param>
/// <param name="Yaw">Its turn about the vertical, radians.</param>
internal readonly record struct Place(Vector Position, double Yaw)
{
    /// <summary>A point of its own axes in the world.</summary>
    public Vector At(double x, double y, double z)
    {
        var (sine, cosine) = Math.SinCos(Yaw);
        return Position + new Vector((x * cosine) + (z * sine), y, (z * cosine) - (x * sine));
    }
}

/// <summary>Something that is put together of bodies at one place.</summary>
/// <param name="kind">What it is.</param>
/// <param name="place">Where it stands.</param>
/// <param name="footprint">The radius of the circle on the ground that nothing else may stand in, metres.</param>
internal sealed class Assembly(SemanticClass kind, Place place, double footprint)
{
    private readonly List<Piece> pieces = [];

    /// <summary>Its bodies.</summary>
    public IReadOnlyList<Piece> Pieces => pieces;

    /// <summary>Where it stands.</summary>
    public Place Place => place;

    /// <summary>The radius of its circle on the ground, metres.</summary>
    public double Footprint => footprint;

    /// <summary>The height of its top on which things can stand, metres; 0 for none.</summary>
    public double Top { get; set; }

    /// <summary>Adds a box.</summary>
    public Assembly Box(Part part, Texture texture, Vector centre, Vector size)
    {
        var middle = place.At(centre.X, centre.Y, centre.Z);
        return Add(new Box(middle, size * 0.5, place.Yaw), texture, part);
    }

    /// <summary>Adds a ball, stretched along the axes of the world.</summary>
    public Assembly Ball(Part part, Texture texture, Vector centre, Vector radii) =>
        Add(new Ellipsoid(place.At(centre.X, centre.Y, centre.Z), radii), texture, part);

    /// <summary>Adds a rod, cone or disc.</summary>
    public Assembly Rod(Part part, Texture texture, Vector from, Vector to, double fromRadius, double toRadius) =>
        Add(
            new Frustum(place.At(from.X, from.Y, from.Z), place.At(to.X, to.Y, to.Z), fromRadius, toRadius),
            texture,
            part
        );

    private Assembly Add(Solid solid, Texture texture, Part part)
    {
        pieces.Add(new(solid, texture, kind, part));
        return this;
    }
}
