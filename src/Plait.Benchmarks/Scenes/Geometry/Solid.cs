namespace Plait.Benchmarks.Scenes.Geometry;

/// <summary>A convex body that rays meet from outside.</summary>
internal abstract class Solid
{
    /// <summary>How many smooth faces a body has at most; what tells surfaces apart multiplies by it.</summary>
    public const int MostFaces = 8;

    /// <summary>A sphere that holds it; an infinite radius where none does.</summary>
    public abstract (Vector Centre, double Radius) Bounds { get; }

    /// <summary>Finds where a ray enters.</summary>
    /// <param name="ray">The ray.</param>
    /// <param name="limit">Only what is nearer counts.</param>
    /// <param name="crossing">Where, when it does.</param>
    public abstract bool Meets(in Ray ray, double limit, out Crossing crossing);
}

/// <summary>Where a ray enters a body.</summary>
/// <param name="Distance">Along the ray, metres.</param>
/// <param name="Normal">Of length 1, outward, so against the ray.</param>
/// <param name="Face">Which of the body's smooth faces, from 0.</param>
internal readonly record struct Crossing(double Distance, Vector Normal, int Face);
