using Plait.Benchmarks.Scenes.Geometry;

namespace Plait.Benchmarks.Scenes.Rendering;

/// <summary>Decides which things strike the eye.</summary>
/// <remarks>
/// A thing scores √(its share of the image) × (<see cref="Plainness"/> + its contrast) × exp(−d² / 2σ²): contrast is the distance of
/// its mean colour from that of all other pixels, and d that of its middle from the image's, in image widths. The thing with the
/// highest score is salient, and any other that comes close to it; one that shows less than <see cref="LeastShare"/> of the image
/// never is.
/// </remarks>
internal static class Saliency
{
    private const double LeastShare = 0.006;
    private const double Plainness = 0.1;
    private const double Centrality = 0.3; // σ, in image widths
    private const double Close = 0.8; // of the highest score

    /// <summary>Marks the pixels of salient things.</summary>
    /// <param name="view">What the pixels show.</param>
    /// <param name="picture">Their colours, exposed, without noise.</param>
    /// <param name="mask">Gets a 1 for each pixel of a salient thing.</param>
    public static void Mark(View view, Vector[] picture, Span<byte> mask)
    {
        var scores = Enumerable
            .Range(0, view.Pixels)
            .Where(pixel => view[pixel] is { Instance: > 0 })
            .GroupBy(pixel => view[pixel]!.Value.Instance)
            .Where(thing => thing.Count() >= LeastShare * view.Pixels)
            .ToDictionary(thing => thing.Key, thing => Score(view, picture, [.. thing]));
        if (scores.Count == 0)
        {
            return;
        }

        var bar = Close * scores.Values.Max();
        for (var pixel = 0; pixel < mask.Length; pixel++)
        {
            var thing = view[pixel]?.Instance ?? 0;
            mask[pixel] = scores.TryGetValue(thing, out var score) && score >= bar ? (byte)1 : (byte)0;
        }
    }

    private static double Score(View view, Vector[] picture, int[] pixels)
    {
        var all = picture.Aggregate(default(Vector), (sum, colour) => sum + colour);
        var own = pixels.Aggregate(default(Vector), (sum, pixel) => sum + picture[pixel]);
        var others = Math.Max(1, view.Pixels - pixels.Length);
        var contrast = ((own * (1.0 / pixels.Length)) - ((all - own) * (1.0 / others))).Length;
        var right = (pixels.Average(pixel => (pixel % view.Side) + 0.5) / view.Side) - 0.5;
        var down = (pixels.Average(pixel => (pixel / view.Side) + 0.5) / view.Side) - 0.5;
        var distance = (right * right) + (down * down);
        return Math.Sqrt((double)pixels.Length / view.Pixels)
            * (Plainness + contrast)
            * Math.Exp(-distance / (2 * Centrality * Centrality));
    }
}
