namespace Plait.Tasks.Metrics;

/// <summary>Pairs the edge pixels of outputs with those of one target, each at most once, as many as can be.</summary>
/// <remarks>
/// A maximum matching by augmenting paths (Berge 1957): most pixels find a free partner at once, nearest first; for each of the rest
/// a breadth-first search frees one by moving partners. What a search in vain has reached is of no use to later ones and is left out
/// from then on, so that the searches in vain together see each pixel once.
/// </remarks>
internal sealed class EdgeMatching
{
    private const int NoTarget = -2;
    private const int Free = -1;
    private const int InVain = int.MaxValue;

    private readonly int stride;
    private readonly int shift;
    private readonly int[] offsets;
    private readonly List<int> targets = [];
    private readonly List<int> outputs = [];
    private readonly List<int> reached = [];
    private readonly Queue<int> open = new();

    // By pixel of a grid with room for the offsets around it.
    private readonly int[] outputOf;
    private readonly int[] targetOf;
    private readonly int[] reachedFrom;
    private readonly int[] searched;

    // Whether a target's pixel is near enough to pair with.
    private readonly bool[] near;

    /// <summary>Prepares to pair with a target.</summary>
    /// <param name="target">The target's edges.</param>
    /// <param name="distance">How far apart a pair may be, in pixels; 0 or more.</param>
    public EdgeMatching(EdgeMap target, double distance)
    {
        var reach = (int)distance;
        stride = target.Width + (2 * reach);
        shift = (reach * stride) + reach;
        offsets =
        [
            .. from row in Enumerable.Range(-reach, (2 * reach) + 1)
            from column in Enumerable.Range(-reach, (2 * reach) + 1)
            let squared = (row * row) + (column * column)
            where squared <= distance * distance
            orderby squared
            select (row * stride) + column,
        ];
        var size = stride * (target.Height + (2 * reach));
        outputOf = new int[size];
        targetOf = new int[size];
        reachedFrom = new int[size];
        searched = new int[size];
        Array.Fill(outputOf, NoTarget);
        near = new bool[size];
        List(target, targets);
        foreach (var pixel in targets)
        {
            foreach (var offset in offsets)
            {
                near[pixel + offset] = true;
            }
        }
    }

    /// <summary>The number of the target's pixels.</summary>
    public int Targets => targets.Count;

    /// <summary>The largest number of pairs.</summary>
    /// <param name="output">Edges of an output, of the target's size.</param>
    public int Pair(EdgeMap output)
    {
        List(output, outputs);
        outputs.RemoveAll(pixel => !near[pixel]);
        foreach (var target in targets)
        {
            outputOf[target] = Free;
            searched[target] = 0;
        }

        var pairs = 0;
        foreach (var pixel in outputs)
        {
            targetOf[pixel] = Free;
            pairs += TakeFree(pixel) ? 1 : 0;
        }

        var search = 0;
        foreach (var pixel in outputs)
        {
            if (targetOf[pixel] == Free && pairs < Targets)
            {
                pairs += Search(pixel, ++search) ? 1 : 0;
            }
        }

        return pairs;
    }

    private void List(EdgeMap map, List<int> pixels)
    {
        map.List(pixels, stride);
        for (var i = 0; i < pixels.Count; i++)
        {
            pixels[i] += shift;
        }
    }

    private bool TakeFree(int pixel)
    {
        foreach (var offset in offsets)
        {
            if (outputOf[pixel + offset] == Free)
            {
                outputOf[pixel + offset] = pixel;
                targetOf[pixel] = pixel + offset;
                return true;
            }
        }

        return false;
    }

    private bool Search(int pixel, int search)
    {
        open.Clear();
        reached.Clear();
        open.Enqueue(pixel);
        while (open.TryDequeue(out var from))
        {
            foreach (var offset in offsets)
            {
                var target = from + offset;
                if (outputOf[target] == NoTarget || searched[target] >= search)
                {
                    continue;
                }

                searched[target] = search;
                reached.Add(target);
                reachedFrom[target] = from;
                if (outputOf[target] == Free)
                {
                    Move(target);
                    return true;
                }

                open.Enqueue(outputOf[target]);
            }
        }

        foreach (var target in reached)
        {
            searched[target] = InVain;
        }

        return false;
    }

    /// <summary>Gives a target to the pixel that reached it, that pixel's old target to the one before it, and so on.</summary>
    private void Move(int target)
    {
        while (target != Free)
        {
            var pixel = reachedFrom[target];
            var old = targetOf[pixel];
            outputOf[target] = pixel;
            targetOf[pixel] = target;
            target = old;
        }
    }
}
