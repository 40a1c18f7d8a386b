using CsCheck;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks.Metrics;

public sealed class AreaUnderRocTests
{
    private static readonly Gen<(int Score, bool Positive)[]> Rows = Gen.Select(Gen.Int[-4, 4], Gen.Bool).Array[1, 60];

    [Fact]
    public void Area_is_the_share_of_pairs_in_order_ties_counting_half() =>
        Rows.Sample(rows =>
        {
            var wins = 0.0;
            var pairs = 0;
            foreach (var (high, _) in rows.Where(row => row.Positive))
            {
                foreach (var (low, _) in rows.Where(row => !row.Positive))
                {
                    wins +=
                        high > low ? 1
                        : high == low ? 0.5
                        : 0;
                    pairs++;
                }
            }

            var area = Area([.. rows.Select(row => (double)row.Score)], [.. rows.Select(row => row.Positive)]);
            Assert.Equal(pairs == 0 ? double.NaN : wins / pairs, area);
        });

    [Fact]
    public void Two_class_logits_score_by_their_difference()
    {
        using var scope = torch.NewDisposeScope();
        var accumulator = new AreaUnderRoc().Start(new Categorical(2));
        // Differences 1, 2, 0: the positive, in the middle, is above both although its class logit is the lowest.
        accumulator.Add(
            torch.tensor(
                new[,]
                {
                    { 4f, 5 },
                    { -2, 0 },
                    { 3, 3 },
                }
            ),
            TaskTarget.Of(torch.tensor(new long[] { 0, 1, 0 }))
        );

        Assert.Equal(1, accumulator.Compute());
    }

    [Fact]
    public void Extreme_and_broken_scores()
    {
        Assert.Equal(1, Area([double.NegativeInfinity, double.PositiveInfinity], [false, true]));
        Assert.Equal(double.NaN, Area([1, double.NaN, 3], [false, true, true]));
    }

    [Fact]
    public void More_than_two_classes_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() =>
            new AreaUnderRoc()
                .Start(new Categorical(3))
                .Add(torch.ones(2, 3), TaskTarget.Of(torch.zeros(2, ScalarType.Int64)))
        );

        Assert.Contains("3 classes", error.Message, StringComparison.Ordinal);
    }

    private static double Area(double[] scores, bool[] positives)
    {
        using var scope = torch.NewDisposeScope();
        var accumulator = new AreaUnderRoc().Start(new Binary());
        accumulator.Add(
            torch.tensor(scores).view(-1, 1),
            TaskTarget.Of(torch.tensor(positives).to(ScalarType.Float32))
        );
        return accumulator.Compute();
    }
}
