namespace Plait.Benchmarks.Scenes.Geometry;

/// <summary>A point, direction or colour: three doubles. In the world y is up; lengths are metres.</summary>
internal readonly record struct Vector(double X, double Y, double Z)
{
    /// <summary>Straight up.</summary>
    public static readonly Vector Up = new(0, 1, 0);

    /// <summary>The Euclidean length.</summary>
    public double Length => Math.Sqrt(Dot(this));

    /// <summary>The same direction with length 1; the vector must not be zero.</summary>
    public Vector Unit() => this * (1 / Length);

    public static Vector operator +(Vector a, Vector b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Vector operator -(Vector a, Vector b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Vector operator -(Vector a) => new(-a.X, -a.Y, -a.Z);

    public static Vector operator *(Vector a, double scale) => new(a.X * scale, a.Y * scale, a.Z * scale);

    /// <summary>Component by component, as light meets a colour.</summary>
    public static Vector operator *(Vector a, Vector b) => new(a.X * b.X, a.Y * b.Y, a.Z * b.Z);

    /// <summary>The inner product.</summary>
    public double Dot(Vector other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    /// <summary>The vector product, right-handed.</summary>
    public Vector Cross(Vector other) =>
        new((Y * other.Z) - (Z * other.Y), (Z * other.X) - (X * other.Z), (X * other.Y) - (Y * other.X));
}
