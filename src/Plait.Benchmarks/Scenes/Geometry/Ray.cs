namespace Plait.Benchmarks.Scenes.Geometry;

/// <summary>Everything in front of a point.</summary>
/// <param name="Origin">Where it starts.</param>
/// <param name="Direction">Where it goes; of length 1, so that distances along it are metres.</param>
internal readonly record struct Ray(Vector Origin, Vector Direction)
{
    /// <summary>Nothing nearer than this is met, so that a ray that leaves a surface does not meet it again.</summary>
    public const double Start = 1e-6;

    /// <summary>The point at a distance.</summary>
    public Vector At(double distance) => Origin + (Direction * distance);
}
