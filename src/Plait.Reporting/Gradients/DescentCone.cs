namespace Plait.Reporting.Gradients;

/// <summary>The directions whose inner product with no gradient is negative: stepping against them, no loss rises.</summary>
internal static class DescentCone
{
    private const double Flat = 1e-9; // Radians.
    private const double StepOfArc = Math.PI / 90;

    /// <summary>The cone in the plane, cut off at a distance, as corners around it; empty where only zero is in it.</summary>
    public static IReadOnlyList<Point> InPlane(IEnumerable<Point> gradients, double distance)
    {
        double[] angles = [.. gradients.Where(one => one.Length > 0).Select(one => Math.Atan2(one.Y, one.X))];
        if (angles.Length == 0)
        {
            return [];
        }

        // Each gradient leaves a half plane; measured from the first gradient, those are intervals.
        var (low, high) = (-Math.PI / 2, Math.PI / 2);
        foreach (var angle in angles)
        {
            var turn = Math.IEEERemainder(angle - angles[0], 2 * Math.PI);
            low = Math.Max(low, turn - (Math.PI / 2));
            high = Math.Min(high, turn + (Math.PI / 2));
        }

        if (high < low - Flat)
        {
            return [];
        }

        var corners = new List<Point> { new(0, 0) };
        var steps = Math.Max(1, (int)Math.Ceiling((high - low) / StepOfArc));
        for (var i = 0; i <= steps; i++)
        {
            var angle = angles[0] + low + ((high - low) * i / steps);
            corners.Add(new(distance * Math.Cos(angle), distance * Math.Sin(angle)));
        }

        return corners;
    }

    /// <summary>The three edges of the cone of three independent gradients in space, cut off at a distance.</summary>
    /// <remarks>Each edge is square to two of the gradients and on the side of the third.</remarks>
    public static IReadOnlyList<Point> InSpace(IReadOnlyList<Point> gradients, double distance) =>
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i =>
                {
                    var edge = Point.Cross(gradients[(i + 1) % 3].Unit(), gradients[(i + 2) % 3].Unit()).Unit();
                    return edge * (distance * Math.Sign(Point.Dot(edge, gradients[i])));
                }),
        ];
}
