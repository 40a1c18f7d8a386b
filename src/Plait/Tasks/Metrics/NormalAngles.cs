namespace Plait.Tasks.Metrics;

/// <summary>Finds the angle of each pixel's output to its target.</summary>
internal abstract class NormalAngles : Gathering
{
    private const int Channels = 3;

    /// <inheritdoc/>
    public sealed override void Add(Tensor output, TaskTarget target)
    {
        var shape = target.Values.shape;
        if (shape.Length < 2 || shape[1] != Channels)
        {
            throw new ArgumentException(
                $"Normals are [rows, 3, height, width]; got targets of shape {TargetShapes.Text(shape)}."
            );
        }

        TargetShapes.RequireVectors(output, target.Values);
        var outputs = HostMemory.Doubles(output);
        var targets = HostMemory.Doubles(target.Values);
        var weights = HostMemory.Weights(target);
        var rows = (int)shape[0];
        var pixels = rows == 0 ? 0 : outputs.Length / rows / Channels;
        for (var row = 0; row < rows; row++)
        {
            for (var x = row * Channels * pixels; x < ((row * Channels) + 1) * pixels; x++)
            {
                var (y, z) = (x + pixels, x + (2 * pixels));
                // A normal weighs what the least of its numbers does, as in the loss.
                var weight = weights.IsEmpty ? 1 : Math.Min(weights[x], Math.Min(weights[y], weights[z]));
                var normal = Vector.Unit(targets[x], targets[y], targets[z]);
                if (weight != 0 && normal != default)
                {
                    Add(Degrees(Vector.Unit(outputs[x], outputs[y], outputs[z]), normal), weight);
                }
            }
        }
    }

    /// <summary>Takes in the angle of one pixel, in degrees from 0 to 180, and what it counts, above 0.</summary>
    protected abstract void Add(double angle, double weight);

    private static double Degrees(Vector p, Vector n) =>
        double.RadiansToDegrees(
            2
                * Math.Atan2(
                    Vector.Length(p.X - n.X, p.Y - n.Y, p.Z - n.Z),
                    Vector.Length(p.X + n.X, p.Y + n.Y, p.Z + n.Z)
                )
        );

    private readonly record struct Vector(double X, double Y, double Z)
    {
        public static double Length(double x, double y, double z) => Math.Sqrt((x * x) + (y * y) + (z * z));

        /// <summary>The vector at length 1; one without length stays as it is.</summary>
        public static Vector Unit(double x, double y, double z)
        {
            var length = Length(x, y, z);
            return length == 0 ? default : new(x / length, y / length, z / length);
        }
    }
}

/// <summary>Sums of angles, and how many are small.</summary>
internal sealed class NormalAngleSums : NormalAngles
{
    private double total;
    private double sum;
    private double squares;
    private double within11;
    private double within22;
    private double within30;

    /// <summary>The answer over all that was added; NaN for nothing.</summary>
    public double Value(NormalAngleKind kind) =>
        kind switch
        {
            NormalAngleKind.Mean => sum / total,
            NormalAngleKind.RootMeanSquare => Math.Sqrt(squares / total),
            NormalAngleKind.Within11 => within11 / total,
            NormalAngleKind.Within22 => within22 / total,
            _ => within30 / total,
        };

    /// <inheritdoc/>
    protected override void Add(double angle, double weight)
    {
        total += weight;
        sum += weight * angle;
        squares += weight * angle * angle;
        within11 += angle < 11.25 ? weight : 0;
        within22 += angle < 22.5 ? weight : 0;
        within30 += angle < 30 ? weight : 0;
    }
}

/// <summary>All angles, in single precision, and their weights once one is not 1.</summary>
internal sealed class NormalAngleValues : NormalAngles
{
    private readonly List<float> angles = [];
    private List<float>? weights;

    /// <summary>The median of all that was added; NaN for nothing.</summary>
    public double Median() =>
        weights is null
            ? Numerics.Median.Of<float>(angles.ToArray())
            : Numerics.Median.Of<float>(angles.ToArray(), weights.ToArray());

    /// <inheritdoc/>
    protected override void Add(double angle, double weight)
    {
        if (weights is null && weight != 1)
        {
            weights = [.. Enumerable.Repeat(1f, angles.Count)];
        }

        angles.Add((float)angle);
        weights?.Add((float)weight);
    }
}
