namespace Plait.Tasks.Metrics;

/// <summary>Pairs, predicted and target pixels of edge maps, by the images' weights: at each threshold, and at each image's best.</summary>
internal sealed class EdgeCounts(double tolerance, int thresholds) : Gathering
{
    // At place k the threshold is k / (thresholds + 1); place 0 is not used.
    private readonly double[] pairs = new double[thresholds + 1];
    private readonly double[] predictions = new double[thresholds + 1];
    private double targets;
    private double pairsAtBest;
    private double predictionsAtBest;
    private bool broken;

    /// <inheritdoc/>
    public override object Kind => (typeof(EdgeCounts), tolerance, thresholds);

    /// <summary>F at the threshold that is best for all images; NaN when no target has an edge.</summary>
    public double OfDataSet() =>
        targets == 0 || broken ? double.NaN : pairs.Zip(predictions, (p, count) => F(p, count, targets)).Max();

    /// <summary>F at the thresholds that are best for each image; NaN when no target has an edge.</summary>
    public double OfImages() => targets == 0 || broken ? double.NaN : F(pairsAtBest, predictionsAtBest, targets);

    /// <inheritdoc/>
    public override void Add(Tensor output, TaskTarget target)
    {
        var (height, width) = TargetShapes.RequireMaps(target.Values, "edges");
        var logits = HostMemory.Doubles(TargetShapes.Align(output, target.Values));
        var values = HostMemory.Doubles(target.Values);
        var weights = HostMemory.Weights(target);
        var image = new EdgeImage(height, width, thresholds);
        var pixels = height * width;
        for (var first = 0; first < logits.Length; first += pixels)
        {
            var weight = weights.IsEmpty ? 1 : HostMemory.WeightOfImage(weights.Slice(first, pixels), "edges");
            image.Clear();
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                if (weights.IsEmpty || weights[first + pixel] != 0)
                {
                    broken |= double.IsNaN(logits[first + pixel]);
                    image.Set(pixel, 1 / (1 + Math.Exp(-logits[first + pixel])), values[first + pixel] >= 0.5);
                }
            }

            AddImage(image, weight);
        }
    }

    private static double F(double pairs, double predictions, double targets) =>
        predictions + targets == 0 ? 1 : 2.0 * pairs / (predictions + targets);

    private void AddImage(EdgeImage image, double weight)
    {
        var matching = new EdgeMatching(
            image.ThinTarget(),
            Math.Max(
                1,
                tolerance * Math.Sqrt(((double)image.Height * image.Height) + ((double)image.Width * image.Width))
            )
        );
        targets += weight * matching.Targets;
        var (best, bestPairs, bestPredictions) = (-1.0, 0, 0);
        var (paired, predicted) = (0, 0);
        for (var threshold = thresholds; threshold > 0; threshold--)
        {
            if (image.Lower(threshold))
            {
                var thin = image.ThinOutput();
                predicted = thin.Count;
                paired = matching.Pair(thin);
            }

            pairs[threshold] += weight * paired;
            predictions[threshold] += weight * predicted;
            if (F(paired, predicted, matching.Targets) > best)
            {
                best = F(paired, predicted, matching.Targets);
                (bestPairs, bestPredictions) = (paired, predicted);
            }
        }

        pairsAtBest += weight * bestPairs;
        predictionsAtBest += weight * bestPredictions;
    }
}
