namespace Plait.Benchmarks.Scenes.Geometry;

/// <summary>A closed cylinder or cut cone around any axis.</summary>
internal sealed class Frustum : Solid
{
    private readonly Vector start;
    private readonly Vector axis;
    private readonly double length;
    private readonly double startRadius;
    private readonly double endRadius;
    private readonly double slope;

    /// <summary>Sets place and size.</summary>
    /// <param name="start">The middle of one end.</param>
    /// <param name="end">The middle of the other.</param>
    /// <param name="startRadius">The radius there; 0 or more.</param>
    /// <param name="endRadius">The radius at the other end; 0 or more, not both 0.</param>
    public Frustum(Vector start, Vector end, double startRadius, double endRadius)
    {
        this.start = start;
        this.startRadius = startRadius;
        this.endRadius = endRadius;
        length = (end - start).Length;
        axis = (end - start) * (1 / length);
        slope = (endRadius - startRadius) / length;
    }

    /// <inheritdoc/>
    public override (Vector Centre, double Radius) Bounds
    {
        get
        {
            var radius = Math.Max(startRadius, endRadius);
            return (start + (axis * (length / 2)), Math.Sqrt((length * length / 4) + (radius * radius)));
        }
    }

    /// <inheritdoc/>
    public override bool Meets(in Ray ray, double limit, out Crossing crossing)
    {
        crossing = new(limit, default, -1);
        var origin = ray.Origin - start;
        var (height, climb) = (origin.Dot(axis), ray.Direction.Dot(axis));
        MeetSide(ray, origin - (axis * height), ray.Direction - (axis * climb), height, climb, ref crossing);
        if (climb > 0)
        {
            MeetEnd(ray, -height / climb, start, -axis, startRadius, face: 1, ref crossing);
        }
        else if (climb < 0)
        {
            MeetEnd(ray, (length - height) / climb, start + (axis * length), axis, endRadius, face: 2, ref crossing);
        }

        return crossing.Face >= 0;
    }

    /// <summary>Solves |across + t·step|² = (r₀ + slope (height + t·climb))² for the nearer root between the ends.</summary>
    private void MeetSide(in Ray ray, Vector across, Vector step, double height, double climb, ref Crossing crossing)
    {
        var radius = startRadius + (slope * height);
        var a = step.Dot(step) - (slope * slope * climb * climb);
        var b = across.Dot(step) - (slope * climb * radius);
        var c = across.Dot(across) - (radius * radius);
        var discriminant = (b * b) - (a * c);
        if (discriminant <= 0 || a == 0)
        {
            return;
        }

        var root = Math.Sqrt(discriminant);
        for (var sign = -1; sign <= 1; sign += 2)
        {
            var distance = (-b + (sign * root)) / a;
            var along = height + (distance * climb);
            if (distance <= Ray.Start || distance >= crossing.Distance || along < 0 || along > length)
            {
                continue;
            }

            var normal = ((across + (step * distance)).Unit() - (axis * slope)).Unit();
            if (normal.Dot(ray.Direction) < 0)
            {
                crossing = new(distance, normal, 0);
            }
        }
    }

    /// <summary>An end is wider than itself by what rounding moves a point, so that no ray slips in between it and the side, or by a tip.</summary>
    private void MeetEnd(
        in Ray ray,
        double distance,
        Vector centre,
        Vector normal,
        double radius,
        int face,
        ref Crossing crossing
    )
    {
        if (
            distance > Ray.Start
            && distance < crossing.Distance
            && (ray.At(distance) - centre).Length <= radius + (length * 1e-9)
        )
        {
            crossing = new(distance, normal, face);
        }
    }
}
