namespace Plait.Reporting.Gradients;

/// <summary>The two or three directions in which a few long gradients lie, and the coordinates of vectors along them.</summary>
/// <remarks>
/// Two parameters, or three that the gradients span, are directions of their own. Otherwise the directions come from the gradients, one after the other, by
/// Gram-Schmidt: the first along the first gradient, each next one along what is new in the next gradient.
/// </remarks>
internal sealed class GradientSpan
{
    private const double Dependent = 1e-6; // The share of a gradient that no eye sees.

    private readonly List<double[]> directions = [];
    private readonly double largest;

    public GradientSpan(IReadOnlyList<PictureVector> gradients)
    {
        largest = gradients.Max(gradient => Largest(gradient.Values.Span));
        foreach (var gradient in gradients)
        {
            Add(gradient.Values.Span);
        }

        var width = gradients[0].Values.Length;
        Dimensions = width > 2 && directions.Count > 2 ? 3 : 2;
        IsOfParameters = width == Dimensions;
        if (IsOfParameters)
        {
            directions.Clear();
            directions.AddRange(Enumerable.Range(0, width).Select(axis => UnitVector(width, axis)));
        }
    }

    /// <summary>2 or 3.</summary>
    public int Dimensions { get; }

    /// <summary>Whether the directions are the parameters themselves.</summary>
    public bool IsOfParameters { get; }

    /// <summary>The coordinates of a vector, three, in units of the gradients' largest number.</summary>
    public Point Coordinates(ReadOnlySpan<double> vector)
    {
        // What does not fit a double in these units only has to keep its direction.
        var unit = largest == 0 ? 1 : largest;
        var own = Math.Max(Largest(vector), double.Epsilon);
        var scale = Math.Clamp(own / unit, 1e-30, 1e30);
        var along = new double[3];
        for (var axis = 0; axis < directions.Count; axis++)
        {
            for (var i = 0; i < vector.Length; i++)
            {
                along[axis] += vector[i] / own * directions[axis][i];
            }

            along[axis] *= scale;
        }

        return new Point(along[0], along[1], along[2]);
    }

    private void Add(ReadOnlySpan<double> gradient)
    {
        var longest = Largest(gradient);
        if (longest == 0)
        {
            return;
        }

        var rest = new double[gradient.Length];
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] = gradient[i] / longest;
        }

        var whole = Math.Sqrt(Dot(rest, rest));
        foreach (var direction in directions.Concat(directions).ToArray()) // twice, against rounding
        {
            var share = Dot(rest, direction);
            for (var i = 0; i < rest.Length; i++)
            {
                rest[i] -= share * direction[i];
            }
        }

        var length = Math.Sqrt(Dot(rest, rest));
        if (length > Dependent * whole)
        {
            directions.Add([.. rest.Select(value => value / length)]);
        }
    }

    private static double[] UnitVector(int width, int axis)
    {
        var unit = new double[width];
        unit[axis] = 1;
        return unit;
    }

    private static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static double Largest(ReadOnlySpan<double> vector)
    {
        var largest = 0.0;
        foreach (var value in vector)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }
}
