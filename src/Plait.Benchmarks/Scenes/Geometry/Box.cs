namespace Plait.Benchmarks.Scenes.Geometry;

/// <summary>A box that stands upright, turned about the vertical.</summary>
/// <remarks>Kay and Kajiya 1986, <i>Ray tracing complex scenes</i>: a ray is inside between the last entry into a slab and the first exit.</remarks>
internal sealed class Box : Solid
{
    private readonly Vector centre;
    private readonly Vector half;
    private readonly double cosine;
    private readonly double sine;

    /// <summary>Sets place and size.</summary>
    /// <param name="centre">Its middle.</param>
    /// <param name="half">Half of its width, height and length; positive.</param>
    /// <param name="yaw">The turn about the vertical, radians: its own x axis points to (cos yaw, 0, −sin yaw).</param>
    public Box(Vector centre, Vector half, double yaw = 0)
    {
        this.centre = centre;
        this.half = half;
        (sine, cosine) = Math.SinCos(yaw);
    }

    /// <inheritdoc/>
    public override (Vector Centre, double Radius) Bounds => (centre, half.Length);

    /// <inheritdoc/>
    public override bool Meets(in Ray ray, double limit, out Crossing crossing)
    {
        var origin = ToLocal(ray.Origin - centre);
        var direction = ToLocal(ray.Direction);
        var (entry, exit, face) = (Ray.Start, limit, -1);
        crossing = default;
        if (
            !Clip(origin.X, direction.X, half.X, 0, ref entry, ref exit, ref face)
            || !Clip(origin.Y, direction.Y, half.Y, 2, ref entry, ref exit, ref face)
            || !Clip(origin.Z, direction.Z, half.Z, 4, ref entry, ref exit, ref face)
            || face < 0
        )
        {
            return false;
        }

        double sign = (face & 1) == 0 ? -1 : 1;
        var normal = (face >> 1) switch
        {
            0 => new Vector(sign * cosine, 0, -sign * sine),
            1 => new Vector(0, sign, 0),
            _ => new Vector(sign * sine, 0, sign * cosine),
        };
        crossing = new(entry, normal, face);
        return true;
    }

    private static bool Clip(
        double origin,
        double direction,
        double half,
        int axis,
        ref double entry,
        ref double exit,
        ref int face
    )
    {
        if (direction == 0)
        {
            return Math.Abs(origin) <= half;
        }

        var inverse = 1 / direction;
        var near = ((direction > 0 ? -half : half) - origin) * inverse;
        var far = ((direction > 0 ? half : -half) - origin) * inverse;
        if (near > entry)
        {
            entry = near;
            face = axis + (direction > 0 ? 0 : 1);
        }

        exit = Math.Min(exit, far);
        return entry < exit;
    }

    private Vector ToLocal(Vector v) => new((v.X * cosine) - (v.Z * sine), v.Y, (v.X * sine) + (v.Z * cosine));
}
