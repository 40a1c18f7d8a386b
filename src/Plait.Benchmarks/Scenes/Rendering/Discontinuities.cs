namespace Plait.Benchmarks.Scenes.Rendering;

/// <summary>Finds the thin lines along which classes, depths or normals jump, and those around things.</summary>
/// <remarks>
/// Two neighbours, beside or below one another, are parted when they show different smooth faces and these differ in class or
/// in thing, meet at an angle above <see cref="Crease"/>, or lie at different depths: neither face, gone on as a plane, comes within
/// <see cref="Gap"/> of the other. So neither a round body nor a steep floor has lines within. The line is one pixel wide, on the
/// side that is nearer: where something hides something else, on what is in front.
/// </remarks>
internal static class Discontinuities
{
    private const double Crease = 20 * Math.PI / 180;
    private const double Gap = 0.03; // of the depth

    private static readonly double CosineOfCrease = Math.Cos(Crease);

    /// <summary>Marks both kinds of lines.</summary>
    /// <param name="view">What the pixels show.</param>
    /// <param name="edges">Gets a 1 for each pixel of a line.</param>
    /// <param name="boundaries">Gets a 1 for each pixel of a line that parts two things, or a thing from what is none.</param>
    public static void Mark(View view, Span<byte> edges, Span<byte> boundaries)
    {
        for (var pixel = 0; pixel < view.Pixels; pixel++)
        {
            if ((pixel + 1) % view.Side != 0)
            {
                Mark(view, pixel, pixel + 1, edges, boundaries);
            }

            if (pixel + view.Side < view.Pixels)
            {
                Mark(view, pixel, pixel + view.Side, edges, boundaries);
            }
        }
    }

    private static void Mark(View view, int pixel, int other, Span<byte> edges, Span<byte> boundaries)
    {
        if (!AreParted(view, pixel, other))
        {
            return;
        }

        var nearer = view.DepthOf(pixel) <= view.DepthOf(other) ? pixel : other;
        edges[nearer] = 1;
        if ((view[pixel]?.Instance ?? 0) != (view[other]?.Instance ?? 0))
        {
            boundaries[nearer] = 1;
        }
    }

    private static bool AreParted(View view, int pixel, int other)
    {
        if (view[pixel] is not { } a || view[other] is not { } b)
        {
            return view[pixel] is null != view[other] is null;
        }

        return a.Surface != b.Surface
            && (
                a.Piece.Class != b.Piece.Class
                || a.Instance != b.Instance
                || a.Normal.Dot(b.Normal) < CosineOfCrease
                || (
                    IsOff(view.Continued(pixel, other), view.DepthOf(other))
                    && IsOff(view.Continued(other, pixel), view.DepthOf(pixel))
                )
            );
    }

    private static bool IsOff(double expected, double depth) => Math.Abs(expected - depth) > Gap * depth;
}
