namespace Plait.Tasks.Metrics;

/// <summary>The area under the ROC curve: how often a positive row scores above a negative one, ties counting half.</summary>
/// <remarks>
/// Exact, by the rank statistic of Mann and Whitney 1947. Scores are one logit a target, or the difference of two class logits. The
/// scores of the whole data set are kept, twelve bytes a target. A pair of rows of weights v and w counts v w. A score that is not a number makes the area NaN.
/// </remarks>
public sealed class AreaUnderRoc : Metric
{
    /// <inheritdoc/>
    public override string Name => "auc";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool Judges(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Classes == 2;
    }

    /// <inheritdoc/>
    public override MetricAccumulator Start(Answer answer) => new Accumulator(answer);

    private sealed class Accumulator(Answer answer) : ByTargetAccumulator(answer)
    {
        private readonly List<double> scores = [];
        private readonly List<float> weights = []; // below 0 for a negative row

        public override double Compute()
        {
            double[] keys = [.. scores];
            float[] items = [.. weights];
            Array.Sort(keys, items);
            // Doubled, so that without weights a tie's half is a whole number and the sum exact.
            var (doubledWins, above, below) = (0.0, 0.0, 0.0);
            for (var start = 0; start < keys.Length; )
            {
                var (positive, negative) = (0.0, 0.0);
                var end = start;
                for (; end < keys.Length && keys[end] == keys[start]; end++)
                {
                    positive += Math.Max(items[end], 0);
                    negative += Math.Max(-items[end], 0);
                }

                if (end == start)
                {
                    return double.NaN;
                }

                doubledWins += positive * ((2 * below) + negative);
                above += positive;
                below += negative;
                start = end;
            }

            return doubledWins / (2 * below * above);
        }

        protected override ReadOnlySpan<double> Read(Tensor output, TaskTarget target)
        {
            var score =
                Answer.Score(output)
                ?? throw new ArgumentException(
                    $"'auc' needs yes-or-no targets: one logit or two class logits; got outputs of {Answer}."
                );
            return HostMemory.Doubles(TargetShapes.Align(score, target.Values));
        }

        protected override void Gather(double number, long label, double weight)
        {
            scores.Add(number);
            weights.Add(label == 1 ? (float)weight : -(float)weight);
        }
    }
}
