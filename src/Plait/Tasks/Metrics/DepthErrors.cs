using Plait.Numerics;

namespace Plait.Tasks.Metrics;

/// <summary>Sums of all kinds of errors of depth, by the pixels' weights.</summary>
internal sealed class DepthErrors(bool medianScaling) : Gathering
{
    private const double LeastForRatios = 1e-9;
    private const double LeastScaled = 1e-3;
    private const double MostScaled = 80;

    private readonly List<double> outputsOfImage = [];
    private readonly List<double> targetsOfImage = [];
    private readonly List<double> weightsOfImage = [];
    private double total;
    private double absolute;
    private double absoluteRelative;
    private double squared;
    private double squaredRelative;
    private double squaredLog;
    private double within1;
    private double within2;
    private double within3;

    /// <inheritdoc/>
    public override object Kind => (typeof(DepthErrors), medianScaling);

    /// <summary>The error over all that was added; NaN for nothing.</summary>
    public double Value(DepthErrorKind kind) =>
        kind switch
        {
            DepthErrorKind.RootMeanSquared => Math.Sqrt(squared / total),
            DepthErrorKind.Absolute => absolute / total,
            DepthErrorKind.AbsoluteRelative => absoluteRelative / total,
            DepthErrorKind.SquaredRelative => squaredRelative / total,
            DepthErrorKind.RootMeanSquaredLog => Math.Sqrt(squaredLog / total),
            DepthErrorKind.Within1 => within1 / total,
            DepthErrorKind.Within2 => within2 / total,
            _ => within3 / total,
        };

    /// <inheritdoc/>
    public override void Add(Tensor output, TaskTarget target)
    {
        var outputs = HostMemory.Doubles(TargetShapes.Align(output, target.Values));
        var targets = HostMemory.Doubles(target.Values);
        var weights = HostMemory.Weights(target);
        var images = (int)target.Values.shape[0];
        var pixels = images == 0 ? 0 : outputs.Length / images;
        for (var image = 0; image < images; image++)
        {
            outputsOfImage.Clear();
            targetsOfImage.Clear();
            weightsOfImage.Clear();
            for (var i = image * pixels; i < (image + 1) * pixels; i++)
            {
                var weight = weights.IsEmpty ? 1 : weights[i];
                if (targets[i] > 0 && weight != 0)
                {
                    outputsOfImage.Add(outputs[i]);
                    targetsOfImage.Add(targets[i]);
                    weightsOfImage.Add(weight);
                }
            }

            AddImage();
        }
    }

    private void AddImage()
    {
        var scale = medianScaling ? MedianOf(targetsOfImage) / MedianOf(outputsOfImage) : 1;
        for (var i = 0; i < targetsOfImage.Count; i++)
        {
            var output = medianScaling
                ? Math.Clamp(outputsOfImage[i] * scale, LeastScaled, MostScaled)
                : outputsOfImage[i];
            AddPixel(output, targetsOfImage[i], weightsOfImage[i]);
        }
    }

    private double MedianOf(List<double> numbers) =>
        weightsOfImage.TrueForAll(weight => weight == weightsOfImage[0])
            ? Median.Of<double>(numbers.ToArray())
            : Median.Of<double>(numbers.ToArray(), weightsOfImage.ToArray());

    private void AddPixel(double output, double target, double weight)
    {
        var error = Math.Abs(output - target);
        var ratio = Math.Max(output, LeastForRatios) / target;
        var log = Math.Log(ratio);
        var factor = Math.Max(ratio, 1 / ratio);
        total += weight;
        absolute += weight * error;
        absoluteRelative += weight * error / target;
        squared += weight * error * error;
        squaredRelative += weight * error * error / target;
        squaredLog += weight * log * log;
        within1 += factor < 1.25 ? weight : 0;
        within2 += factor < 1.25 * 1.25 ? weight : 0;
        within3 += factor < 1.25 * 1.25 * 1.25 ? weight : 0;
    }
}
