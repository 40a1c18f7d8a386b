namespace Plait.Tasks.Metrics;

/// <summary>The share of the targets' variance that the outputs explain: 1 for exact ones, 0 for the mean target, below 0 for worse.</summary>
/// <remarks>
/// 1 - (sum of squared errors) / (sum of squared deviations from the mean target), for each channel; the mean over the channels.
/// A channel whose targets do not vary does not count. The deviations are gathered, by the targets' weights, as Welford 1962, <i>Note on a Method for
/// Calculating Corrected Sums of Squares and Products</i>, has it: no digits are lost where the mean is large.
/// </remarks>
public sealed class RSquared : Metric
{
    /// <inheritdoc/>
    public override string Name => "r2";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool Judges(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.IsNumeric;
    }

    /// <inheritdoc/>
    public override MetricAccumulator Start(Answer answer) => new Accumulator(answer);

    private struct Channel
    {
        private double total;
        private double mean;
        private double deviations;
        private double errors;

        public readonly bool Varies => deviations > 0;

        public readonly double Score => 1 - (errors / deviations);

        public void Add(double output, double target, double weight)
        {
            total += weight;
            var before = target - mean;
            mean += before * weight / total;
            deviations += weight * before * (target - mean);
            errors += weight * (output - target) * (output - target);
        }
    }

    private sealed class Accumulator(Answer answer) : MetricAccumulator
    {
        private Channel[] channels = [];

        public override void Add(Tensor output, TaskTarget target)
        {
            ArgumentNullException.ThrowIfNull(output);
            ArgumentNullException.ThrowIfNull(target);
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            var shape = output.shape;
            var decided = answer.Decide(output);
            var width = shape.Length > 1 && decided.dim() == shape.Length ? decided.shape[1] : 1;
            var pixels = shape.Skip(2).Aggregate(1L, (product, side) => product * side);
            Require(width);
            var outputs = HostMemory.Doubles(TargetShapes.Align(decided, target.Values));
            var targets = HostMemory.Doubles(target.Values);
            var weights = HostMemory.Weights(target);
            for (var i = 0; i < outputs.Length; i++)
            {
                var weight = weights.IsEmpty ? 1 : weights[i];
                if (weight != 0)
                {
                    channels[i / pixels % width].Add(outputs[i], targets[i], weight);
                }
            }
        }

        public override double Compute() =>
            channels
                .Where(channel => channel.Varies)
                .Select(channel => channel.Score)
                .DefaultIfEmpty(double.NaN)
                .Average();

        private void Require(long width)
        {
            if (channels.Length == 0)
            {
                channels = new Channel[width];
            }
            else if (channels.Length != width)
            {
                throw new ArgumentException(
                    $"A batch has outputs of {width} channels where others had {channels.Length}."
                );
            }
        }
    }
}
