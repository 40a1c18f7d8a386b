using Plait.Numerics;

namespace Plait.Tasks.Metrics;

/// <summary>Sums of all kinds of errors of depth.</summary>
internal sealed class DepthErrors(bool medianScaling) : Gathering
{
    private const double LeastForRatios = 1e-9;
    private const double LeastScaled = 1e-3;
    private const double MostScaled = 80;

    private readonly List<double> outputsOfImage = [];
    private readonly List<double> targetsOfImage = [];
    private long count;
    private double absolute;
    private double absoluteRelative;
    private double squared;
    private double squaredRelative;
    private double squaredLog;
    private long within1;
    private long within2;
    private long within3;

    /// <inheritdoc/>
    public override object Kind => (typeof(DepthErrors), medianScaling);

    /// <summary>The error over all that was added; NaN for nothing.</summary>
    public double Value(DepthErrorKind kind) =>
        kind switch
        {
            DepthErrorKind.RootMeanSquared => Math.Sqrt(squared / count),
            DepthErrorKind.Absolute => absolute / count,
            DepthErrorKind.AbsoluteRelative => absoluteRelative / count,
            DepthErrorKind.SquaredRelative => squaredRelative / count,
            DepthErrorKind.RootMeanSquaredLog => Math.Sqrt(squaredLog / count),
            DepthErrorKind.Within1 => (double)within1 / count,
            DepthErrorKind.Within2 => (double)within2 / count,
            _ => (double)within3 / count,
        };

    /// <inheritdoc/>
    public override void Add(Tensor output, TaskTarget target)
    {
        var outputs = HostMemory.Doubles(TargetShapes.Align(output, target.Values));
        var targets = HostMemory.Doubles(target.Values);
        var marks = HostMemory.Marks(target);
        var images = (int)target.Values.shape[0];
        var pixels = images == 0 ? 0 : outputs.Length / images;
        for (var image = 0; image < images; image++)
        {
            outputsOfImage.Clear();
            targetsOfImage.Clear();
            for (var i = image * pixels; i < (image + 1) * pixels; i++)
            {
                if (targets[i] > 0 && (marks.IsEmpty || marks[i] != 0))
                {
                    outputsOfImage.Add(outputs[i]);
                    targetsOfImage.Add(targets[i]);
                }
            }

            AddImage();
        }
    }

    private void AddImage()
    {
        var scale = medianScaling
            ? Median.Of<double>(targetsOfImage.ToArray()) / Median.Of<double>(outputsOfImage.ToArray())
            : 1;
        for (var i = 0; i < targetsOfImage.Count; i++)
        {
            var output = medianScaling
                ? Math.Clamp(outputsOfImage[i] * scale, LeastScaled, MostScaled)
                : outputsOfImage[i];
            AddPixel(output, targetsOfImage[i]);
        }
    }

    private void AddPixel(double output, double target)
    {
        var error = Math.Abs(output - target);
        var ratio = Math.Max(output, LeastForRatios) / target;
        var log = Math.Log(ratio);
        var factor = Math.Max(ratio, 1 / ratio);
        count++;
        absolute += error;
        absoluteRelative += error / target;
        squared += error * error;
        squaredRelative += error * error / target;
        squaredLog += log * log;
        within1 += factor < 1.25 ? 1 : 0;
        within2 += factor < 1.25 * 1.25 ? 1 : 0;
        within3 += factor < 1.25 * 1.25 * 1.25 ? 1 : 0;
    }
}
