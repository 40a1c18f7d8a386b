namespace Plait.Benchmarks.Scenes.Geometry;

/// <summary>An endless flat ground or wall, seen from the side its normal points to.</summary>
/// <param name="point">Any point of it.</param>
/// <param name="normal">Of length 1.</param>
internal sealed class Plane(Vector point, Vector normal) : Solid
{
    private const double Grazing = -1e-12; // rays along the plane never meet it

    private readonly double offset = point.Dot(normal);

    /// <inheritdoc/>
    public override (Vector Centre, double Radius) Bounds => (point, double.PositiveInfinity);

    /// <inheritdoc/>
    public override bool Meets(in Ray ray, double limit, out Crossing crossing)
    {
        var approach = ray.Direction.Dot(normal);
        var distance = approach < Grazing ? (offset - ray.Origin.Dot(normal)) / approach : -1;
        crossing = new(distance, normal, 0);
        return distance > Ray.Start && distance < limit;
    }
}
