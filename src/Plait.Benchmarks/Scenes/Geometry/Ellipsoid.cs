namespace Plait.Benchmarks.Scenes.Geometry;

/// <summary>A ball, or one that is stretched along the axes of the world.</summary>
/// <param name="centre">Its middle.</param>
/// <param name="radii">Half of its width, height and length; positive.</param>
internal sealed class Ellipsoid(Vector centre, Vector radii) : Solid
{
    private readonly Vector inverse = new(1 / radii.X, 1 / radii.Y, 1 / radii.Z);

    /// <summary>A ball.</summary>
    public Ellipsoid(Vector centre, double radius)
        : this(centre, new Vector(radius, radius, radius)) { }

    /// <inheritdoc/>
    public override (Vector Centre, double Radius) Bounds => (centre, Math.Max(radii.X, Math.Max(radii.Y, radii.Z)));

    /// <inheritdoc/>
    public override bool Meets(in Ray ray, double limit, out Crossing crossing)
    {
        var origin = (ray.Origin - centre) * inverse; // where the ellipsoid is the unit ball
        var direction = ray.Direction * inverse;
        var a = direction.Dot(direction);
        var b = origin.Dot(direction);
        var discriminant = (b * b) - (a * (origin.Dot(origin) - 1));
        var distance = discriminant > 0 ? (-b - Math.Sqrt(discriminant)) / a : -1;
        if (distance <= Ray.Start || distance >= limit)
        {
            crossing = default;
            return false;
        }

        crossing = new(distance, ((origin + (direction * distance)) * inverse).Unit(), 0);
        return true;
    }
}
