namespace Plait.Tasks.Metrics;

/// <summary>One image's output and target edges, the output's threshold being lowered step by step.</summary>
/// <remarks>The memory is used again for the next image.</remarks>
internal sealed class EdgeImage(int height, int width, int thresholds)
{
    private readonly List<int>[] byLevel = [.. Enumerable.Range(0, thresholds + 1).Select(_ => new List<int>())];
    private readonly EdgeMap output = new(height, width);
    private readonly EdgeMap target = new(height, width);
    private readonly EdgeMap thin = new(height, width);

    /// <summary>The image's height.</summary>
    public int Height => height;

    /// <summary>The image's width.</summary>
    public int Width => width;

    /// <summary>Makes room for the next image, of which no pixel is an edge.</summary>
    public void Clear()
    {
        output.Clear();
        target.Clear();
        foreach (var level in byLevel)
        {
            level.Clear();
        }
    }

    /// <summary>Says what is known of a pixel.</summary>
    public void Set(int pixel, double probability, bool isEdge)
    {
        if (isEdge)
        {
            target.Mark(pixel);
        }

        // The highest k with k / (thresholds + 1) no greater than the probability.
        var level = Math.Min(thresholds, (int)(probability * (thresholds + 1)));
        if (level > 0)
        {
            byLevel[level].Add(pixel);
        }
    }

    /// <summary>Takes in the output's pixels of exactly this level.</summary>
    /// <returns>Whether there are any.</returns>
    public bool Lower(int level)
    {
        foreach (var pixel in byLevel[level])
        {
            output.Mark(pixel);
        }

        return byLevel[level].Count > 0;
    }

    /// <summary>The target's lines; good until the next thinning.</summary>
    public EdgeMap ThinTarget() => Thin(target);

    /// <summary>The lines of the output as far as its threshold was lowered; good until the next thinning.</summary>
    public EdgeMap ThinOutput() => Thin(output);

    private EdgeMap Thin(EdgeMap map)
    {
        thin.CopyFrom(map);
        thin.Thin();
        return thin;
    }
}
