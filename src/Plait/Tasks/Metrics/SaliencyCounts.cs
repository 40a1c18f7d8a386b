namespace Plait.Tasks.Metrics;

/// <summary>Sums over images, by their weights, of precision, recall and Jaccard at each threshold.</summary>
internal sealed class SaliencyCounts : Gathering
{
    private static readonly double[] Thresholds = [.. Enumerable.Range(0, 15).Select(step => 0.2 + (step * 0.05))];

    private readonly double[] precision = new double[Thresholds.Length];
    private readonly double[] recall = new double[Thresholds.Length];
    private readonly double[] jaccard = new double[Thresholds.Length];
    private double images;
    private bool broken;

    /// <summary>The best F of the mean precision and the mean recall; NaN for nothing.</summary>
    public double BestF() =>
        Best(precision.Zip(recall, (p, r) => p + r == 0 ? 0 : 2 * (p / images) * (r / images) / ((p + r) / images)));

    /// <summary>The best mean Jaccard; NaN for nothing.</summary>
    public double BestJaccard() => Best(jaccard.Select(sum => sum / images));

    /// <inheritdoc/>
    public override void Add(Tensor output, TaskTarget target)
    {
        var (height, width) = TargetShapes.RequireMaps(target.Values, "saliency");
        var logits = HostMemory.Doubles(TargetShapes.Align(output, target.Values));
        var targets = HostMemory.Doubles(target.Values);
        var weights = HostMemory.Weights(target);
        var pixels = height * width;
        // How many pixels of each kind pass exactly so many thresholds.
        var salient = new long[Thresholds.Length + 1];
        var rest = new long[Thresholds.Length + 1];
        for (var first = 0; first < logits.Length; first += pixels)
        {
            var weight = weights.IsEmpty ? 1 : HostMemory.WeightOfImage(weights.Slice(first, pixels), "saliency");
            Array.Clear(salient);
            Array.Clear(rest);
            var present = 0;
            for (var i = first; i < first + pixels; i++)
            {
                if (weights.IsEmpty || weights[i] != 0)
                {
                    present++;
                    broken |= double.IsNaN(logits[i]);
                    (targets[i] >= 0.5 ? salient : rest)[Passed(1 / (1 + Math.Exp(-logits[i])))]++;
                }
            }

            if (present > 0)
            {
                AddImage(salient, rest, weight);
            }
        }
    }

    private static int Passed(double probability)
    {
        var passed = 0;
        while (passed < Thresholds.Length && probability > Thresholds[passed])
        {
            passed++;
        }

        return passed;
    }

    private void AddImage(ReadOnlySpan<long> salient, ReadOnlySpan<long> rest, double weight)
    {
        var targets = salient[0];
        foreach (var count in salient[1..])
        {
            targets += count;
        }

        var (hits, falseAlarms) = (0L, 0L);
        for (var threshold = Thresholds.Length - 1; threshold >= 0; threshold--)
        {
            hits += salient[threshold + 1];
            falseAlarms += rest[threshold + 1];
            precision[threshold] += hits == 0 ? 0 : weight * hits / (hits + falseAlarms);
            recall[threshold] += hits == 0 ? 0 : weight * hits / targets;
            jaccard[threshold] += weight * (targets + falseAlarms == 0 ? 1 : (double)hits / (targets + falseAlarms));
        }

        images += weight;
    }

    private double Best(IEnumerable<double> values) => images == 0 || broken ? double.NaN : values.Max();
}
