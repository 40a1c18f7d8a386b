using System.Globalization;
using Plait.Tasks;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>Turns arrays and images into inputs and targets of dense tasks, and refuses values that cannot be.</summary>
/// <remarks>A missing target becomes NaN or a negative class; real files hold rounding errors, so ranges have a small tolerance.</remarks>
internal static class DenseMaps
{
    private const double Tolerance = 0.01;

    /// <summary>An image [height, width, 3] of numbers from 0 to 1 as [3, height, width].</summary>
    public static Tensor Image(Tensor raw, string file)
    {
        using var scope = torch.NewDisposeScope();
        var image = Floats(Channels(raw, 3, file), file);
        RequireRange(image, 0, 1, file, "an image's channels");
        return image.contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>An image of bytes [3, height, width] as numbers from 0 to 1.</summary>
    public static Tensor Image(Tensor bytes)
    {
        using var scope = torch.NewDisposeScope();
        return bytes.to(ScalarType.Float32).div_(byte.MaxValue).MoveToOuterDisposeScope();
    }

    /// <summary>Class numbers, [height, width] of any type, as Int64.</summary>
    /// <param name="raw">The numbers.</param>
    /// <param name="classes">How many there are, from 0.</param>
    /// <param name="missing">Numbers that mean "missing".</param>
    /// <param name="file">What errors call it.</param>
    /// <param name="first">The number of the first class in the file.</param>
    public static Tensor Labels(Tensor raw, int classes, ReadOnlySpan<long> missing, string file, int first = 0)
    {
        using var scope = torch.NewDisposeScope();
        if (raw.dim() == 3 && (raw.size(2) == 1 || raw.size(0) == 1))
        {
            raw = raw.squeeze(raw.size(2) == 1 ? 2 : 0);
        }

        if (raw.dim() != 2)
        {
            throw Shape(raw, file, "[height, width]");
        }

        var labels = raw.to(ScalarType.Int64);
        if (raw.is_floating_point())
        {
            RequireNone(labels.to(raw.dtype).ne(raw), raw, file, "whole class numbers");
        }

        var absent = torch.zeros_like(labels, ScalarType.Bool);
        foreach (var number in missing)
        {
            absent = absent.logical_or(labels.eq(number));
        }

        var unknown = labels.lt(first).logical_or(labels.ge(first + classes)).logical_and(absent.logical_not());
        RequireNone(
            unknown,
            raw,
            file,
            $"a class from {first} to {first + classes - 1}, or {string.Join(" or ", missing.ToArray())} where it is missing"
        );
        return torch.where(absent, torch.full_like(labels, -1), labels.sub(first)).MoveToOuterDisposeScope();
    }

    /// <summary>Distances or disparities, [height, width] or [height, width, 1], as [1, height, width]; missing where they are not above 0.</summary>
    public static Tensor Depth(Tensor raw, string file)
    {
        using var scope = torch.NewDisposeScope();
        var depth = Floats(Channels(raw, 1, file), file);
        RequireRange(depth, 0, double.PositiveInfinity, file, "a distance");
        return torch.where(depth.gt(0), depth, torch.full_like(depth, float.NaN)).MoveToOuterDisposeScope();
    }

    /// <summary>Normals, [height, width, 3], as unit vectors [3, height, width]; missing where they have no length.</summary>
    /// <param name="raw">The vectors.</param>
    /// <param name="file">What errors call it.</param>
    /// <param name="shortest">The least length that is not taken for none; above 0.</param>
    public static Tensor Normals(Tensor raw, string file, double shortest = Tolerance)
    {
        using var scope = torch.NewDisposeScope();
        var normals = Floats(Channels(raw, 3, file), file);
        RequireRange(normals, -1, 1, file, "a normal's coordinates");
        return Unit(normals, shortest).MoveToOuterDisposeScope();
    }

    /// <summary>Vectors [3, height, width] brought to length 1; NaN where they have none.</summary>
    public static Tensor Unit(Tensor vectors, double shortest = Tolerance)
    {
        using var scope = torch.NewDisposeScope();
        var length = vectors.square().sum(0L, keepdim: true).sqrt();
        var unit = vectors.div(torch.where(length.gt(0), length, torch.ones_like(length)));
        return torch.where(length.ge(shortest), unit, torch.full_like(unit, float.NaN)).MoveToOuterDisposeScope();
    }

    /// <summary>Shares from 0 to 1, [height, width] or [height, width, 1], as [1, height, width].</summary>
    public static Tensor Shares(Tensor raw, string file, string what)
    {
        using var scope = torch.NewDisposeScope();
        var shares = Floats(Channels(raw, 1, file), file);
        RequireRange(shares, 0, 1, file, what);
        return shares.clamp(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Edges, [height, width] or [height, width, 1], as [1, height, width]: shares from 0 to 1, or booleans or integers of which 1 or 255 is an edge.</summary>
    public static Tensor Edges(Tensor raw, string file)
    {
        const string What = "an edge's strength";
        if (raw.is_floating_point())
        {
            return Shares(raw, file, What);
        }

        using var scope = torch.NewDisposeScope();
        var numbers = Channels(raw, 1, file).to(ScalarType.Int64);
        RequireNone(
            numbers.ne(0).logical_and(numbers.ne(1)).logical_and(numbers.ne(byte.MaxValue)),
            numbers,
            file,
            $"{What} of 0 and 1, or 0 and 255"
        );
        return numbers.ne(0).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    private static Tensor Channels(Tensor raw, long channels, string file)
    {
        var last = channels == 1 && raw.dim() == 2 ? raw.unsqueeze(2) : raw;
        return last.dim() == 3 && last.size(2) == channels
            ? last.permute(2, 0, 1)
            : throw Shape(raw, file, $"[height, width, {channels}]{(channels == 1 ? " or [height, width]" : "")}");
    }

    private static Tensor Floats(Tensor raw, string file) =>
        raw.is_floating_point()
            ? raw.to(ScalarType.Float32)
            : throw new InvalidDataException(
                $"'{file}' holds {raw.dtype}; expected floating-point numbers (f4 or f8)."
            );

    private static void RequireRange(Tensor map, double least, double most, string file, string what)
    {
        var inside = map.ge(least - Tolerance)
            .logical_and(double.IsInfinity(most) ? map.isfinite() : map.le(most + Tolerance));
        var expected = double.IsInfinity(most) ? $"finite and {least} or more" : $"from {least} to {most}";
        RequireNone(inside.logical_not(), map, file, $"{what} {expected}");
    }

    /// <summary>Refuses a map of which some place is marked, and names the first.</summary>
    private static void RequireNone(Tensor wrong, Tensor map, string file, string expected)
    {
        using var scope = torch.NewDisposeScope();
        if (!wrong.any().item<bool>())
        {
            return;
        }

        var place = wrong.flatten().to(ScalarType.Byte).argmax().item<long>();
        var (height, width) = (map.size(-2), map.size(-1));
        var found = map.flatten()[place].to(ScalarType.Float64).item<double>();
        throw new InvalidDataException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{file}' holds {found:G6} at row {place / width % height}, column {place % width}; expected {expected}."
            )
        );
    }

    private static InvalidDataException Shape(Tensor raw, string file, string expected) =>
        new($"'{file}' is of shape {TargetShapes.Text(raw.shape)}; expected {expected}.");
}
