using CsCheck;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks.Metrics;

public sealed class SaliencyFTests
{
    [Fact]
    public void Precision_and_recall_are_means_over_images_before_F()
    {
        using var scope = torch.NewDisposeScope();
        // Between 0.3 and 0.6 the first image finds 1 of 2 with no false alarm, the second 1 of 1 with 2.
        var output = Logits([0.7, 0.25, 0.1, 0.1], [0.7, 0.65, 0.62, 0.1]);
        var target = Map([1, 1, 0, 0], [1, 0, 0, 0]);

        var (precision, recall) = ((1 + (1.0 / 3)) / 2, (0.5 + 1) / 2);
        // At 0.2 the first image finds 2 of 2; at 0.65 the second loses its false alarms (0.65 is not above it).
        var (low, high) = ((((1 + (1.0 / 3)) / 2), 1.0), (1.0, 0.75));
        var best = new[] { (precision, recall), low, high }.Max(pair =>
            2 * pair.Item1 * pair.Item2 / (pair.Item1 + pair.Item2)
        );

        Assert.Equal(best, Of(SaliencyMeasure.F, output, TaskTarget.Of(target)), 1e-12);
        Assert.Equal((0.5 + 1) / 2, Of(SaliencyMeasure.Jaccard, output, TaskTarget.Of(target)), 1e-12);
    }

    /// <summary>A logit of 0 is the probability of one threshold to the bit; were it salient there, both measures would be 1.</summary>
    [Fact]
    public void A_probability_at_a_threshold_is_not_above_it()
    {
        using var scope = torch.NewDisposeScope();
        var (output, target) = (Map([0, -0.1]), TaskTarget.Of(Map([1, 0])));

        Assert.Equal(2.0 / 3, Of(SaliencyMeasure.F, output, target), 1e-12);
        Assert.Equal(1.0 / 2, Of(SaliencyMeasure.Jaccard, output, target), 1e-12);
    }

    [Fact]
    public void An_exact_output_is_perfect_and_an_image_without_anything_salient_lowers_F_but_not_Jaccard()
    {
        using var scope = torch.NewDisposeScope();
        var some = Map([1, 0, 1, 0]);
        var none = Map([1, 0, 1, 0], [0, 0, 0, 0]);

        Assert.Equal(1, Of(SaliencyMeasure.F, some.mul(20).sub(10), TaskTarget.Of(some)));
        Assert.Equal(1, Of(SaliencyMeasure.Jaccard, some.mul(20).sub(10), TaskTarget.Of(some)));
        Assert.Equal(0.5, Of(SaliencyMeasure.F, none.mul(20).sub(10), TaskTarget.Of(none)));
        Assert.Equal(1, Of(SaliencyMeasure.Jaccard, none.mul(20).sub(10), TaskTarget.Of(none)));
    }

    [Fact]
    public void A_logit_that_is_no_number_makes_it_undefined()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Equal(double.NaN, Of(SaliencyMeasure.F, Map([1, double.NaN]), TaskTarget.Of(Map([1, 0]))));
        Assert.Equal(1, Of(SaliencyMeasure.F, Map([1, double.NaN]), TaskTarget.FromRaw(Map([1, double.NaN]))));
    }

    [Fact]
    public void Counting_gives_what_fifteen_thresholds_one_by_one_give() =>
        Gen.Int[0, int.MaxValue]
            .Sample(
                seed =>
                {
                    using var scope = torch.NewDisposeScope();
                    var random = new Random(seed);
                    var images = random.Next(1, 5);
                    var pixels = random.Next(1, 12);
                    double[][] probabilities = Draw(() => random.NextDouble());
                    double[][] targets = Draw(() => random.Next(2));
                    double[][] marks = Draw(() => random.Next(3) == 0 ? 0 : 1);
                    var target = TaskTarget.FromRaw(Map(targets), Map(marks));

                    var (f, jaccard) = OneByOne(probabilities, targets, marks);

                    Assert.Equal(f, Of(SaliencyMeasure.F, Logits(probabilities), target), 1e-12);
                    Assert.Equal(jaccard, Of(SaliencyMeasure.Jaccard, Logits(probabilities), target), 1e-12);

                    double[][] Draw(Func<double> next) =>
                        [
                            .. Enumerable
                                .Range(0, images)
                                .Select(_ => Enumerable.Range(0, pixels).Select(_ => next()).ToArray()),
                        ];
                },
                iter: 200
            );

    [Fact]
    public void Other_shapes_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var two = TaskTarget.Of(torch.ones(2, 2, 4, 4));

        var error = Assert.Throws<ArgumentException>(() =>
            new SaliencyF().Start(new Binary(Layout.Pixel)).Add(torch.ones(2, 2, 4, 4), two)
        );

        Assert.Contains("[2, 2, 4, 4]", error.Message, StringComparison.Ordinal);
    }

    private static (double F, double Jaccard) OneByOne(double[][] probabilities, double[][] targets, double[][] marks)
    {
        var images = Enumerable.Range(0, targets.Length).Where(image => marks[image].Contains(1)).ToArray();
        if (images.Length == 0)
        {
            return (double.NaN, double.NaN);
        }

        var (bestF, bestJaccard) = (0.0, 0.0);
        for (var step = 0; step < 15; step++)
        {
            var (precision, recall, jaccard) = (0.0, 0.0, 0.0);
            foreach (var image in images)
            {
                double Count(Func<bool, bool, bool> counts) =>
                    Enumerable
                        .Range(0, targets[image].Length)
                        .Count(i =>
                            marks[image][i] == 1
                            && counts(probabilities[image][i] > 0.2 + (0.05 * step), targets[image][i] == 1)
                        );

                var hits = Count((predicted, salient) => predicted && salient);
                precision += hits / Math.Max(1, Count((predicted, _) => predicted));
                recall += hits / Math.Max(1, Count((_, salient) => salient));
                var union = Count((predicted, salient) => predicted || salient);
                jaccard += union == 0 ? 1 : hits / union;
            }

            precision /= images.Length;
            recall /= images.Length;
            bestF = Math.Max(bestF, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall));
            bestJaccard = Math.Max(bestJaccard, jaccard / images.Length);
        }

        return (bestF, bestJaccard);
    }

    private static double Of(SaliencyMeasure measure, Tensor output, TaskTarget target)
    {
        var accumulator = new SaliencyF(measure).Start(new Binary(Layout.Pixel));
        accumulator.Add(output, target);
        return accumulator.Compute();
    }

    private static Tensor Logits(params double[][] images) =>
        Map([.. images.Select(image => image.Select(p => Math.Log(p / (1 - p))).ToArray())]);

    private static Tensor Map(params double[][] images) =>
        torch.stack([.. images.Select(image => torch.tensor(image).view(1, 1, image.Length))]);
}
