namespace Plait.Reporting.Gradients;

/// <summary>A point of the plane (Z is 0) or of space.</summary>
internal readonly record struct Point(double X, double Y, double Z = 0)
{
    private static readonly double Cosine = Math.Cos(Math.PI / 6);

    public double Length => Math.Sqrt((X * X) + (Y * Y) + (Z * Z));

    public static Point operator *(Point point, double factor) =>
        new(point.X * factor, point.Y * factor, point.Z * factor);

    public static double Dot(Point left, Point right) => (left.X * right.X) + (left.Y * right.Y) + (left.Z * right.Z);

    public static Point Cross(Point left, Point right) =>
        new(
            (left.Y * right.Z) - (left.Z * right.Y),
            (left.Z * right.X) - (left.X * right.Z),
            (left.X * right.Y) - (left.Y * right.X)
        );

    /// <summary>The isometric view: the first axis to the lower left, the second to the lower right, the third up.</summary>
    public Point Isometric() => new((Y - X) * Cosine, Z - ((X + Y) / 2));

    /// <summary>The same direction with length 1; zero stays zero.</summary>
    public Point Unit() => Length == 0 ? this : this * (1 / Length);
}
