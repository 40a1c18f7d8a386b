using CsCheck;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Tests.Optimization.LossWeighting;

public sealed class DynamicWeightAverageTests
{
    private static readonly TaskSet Tasks = StepContexts.Regressions(2);

    [Fact]
    public void The_first_two_epochs_weigh_every_task_one()
    {
        using var scope = torch.NewDisposeScope();
        var weighting = Begun();

        Assert.Equal([1, 1], Weights(weighting, epoch: 0, 8, 1));
        Assert.Equal([1, 1], Weights(weighting, epoch: 1, 2, 1));
    }

    [Fact]
    public void The_third_epoch_weighs_by_the_ratio_of_the_epoch_means()
    {
        using var scope = torch.NewDisposeScope();
        var weighting = Begun();
        Weights(weighting, epoch: 0, 7, 1);
        Weights(weighting, epoch: 0, 9, 3); // means 8 and 2
        Weights(weighting, epoch: 1, 4, 2); // ratios 0.5 and 1

        var weights = Weights(weighting, epoch: 2, 1, 1);

        var (fallen, still) = (Math.Exp(0.5 / 2), Math.Exp(1.0 / 2));
        Assert.Equal(2 * fallen / (fallen + still), weights[0], 6);
        Assert.Equal(2 * still / (fallen + still), weights[1], 6);
    }

    [Fact]
    public void A_task_without_a_loss_in_an_epoch_keeps_its_last_mean()
    {
        using var scope = torch.NewDisposeScope();
        var weighting = Begun();
        Weights(weighting, epoch: 0, 8, 2);
        Weights(weighting, epoch: 1, 4, 1);
        weighting.Weigh(UncertaintyTests.Losses(Tasks.Select(1), 0.5), StepContexts.At(epoch: 2));

        // Epoch 3 compares 4 with 4, as the first task had nothing in epoch 2, and 0.5 with 1.
        var weights = Weights(weighting, epoch: 3, 1, 1);

        var (still, fallen) = (Math.Exp(1.0 / 2), Math.Exp(0.5 / 2));
        Assert.Equal(2 * still / (fallen + still), weights[0], 6);
    }

    [Fact]
    public void Weights_sum_to_the_number_of_tasks_whatever_the_losses() =>
        Gen.Double[0, 1e6]
            .Array[6]
            .Sample(values =>
            {
                using var scope = torch.NewDisposeScope();
                var weighting = Begun();
                var sum = 0.0;
                for (var epoch = 0; epoch < 3; epoch++)
                {
                    sum = Weights(weighting, epoch, values[2 * epoch], values[(2 * epoch) + 1]).Sum();
                }

                Assert.Equal(2, sum, 5);
            });

    [Fact]
    public void A_run_stopped_within_an_epoch_goes_on_as_the_unbroken_one()
    {
        using var scope = torch.NewDisposeScope();
        var random = new Random(3);
        (int Epoch, double First, double Second)[] steps =
        [
            .. Enumerable.Range(0, 20).Select(step => (step / 4, random.NextDouble(), random.NextDouble())),
        ];
        for (var stop = 0; stop < steps.Length; stop++)
        {
            var unbroken = Begun();
            var weighting = Begun();
            for (var step = 0; step < steps.Length; step++)
            {
                if (step == stop)
                {
                    var state = new StateDictionary();
                    weighting.Save(state);
                    weighting = Begun();
                    weighting.Load(state);
                }

                var (epoch, first, second) = steps[step];
                Assert.Equal(Weights(unbroken, epoch, first, second), Weights(weighting, epoch, first, second));
            }
        }
    }

    [Fact]
    public void State_of_another_number_of_tasks_is_refused()
    {
        var state = new StateDictionary();
        Begun().Save(state);
        var other = new DynamicWeightAverage();
        other.Begin(StepContexts.Regressions(3), torch.CPU);

        Assert.Throws<InvalidDataException>(() => other.Load(state));
    }

    [Fact]
    public void A_loss_that_is_no_number_leaves_the_means_alone()
    {
        using var scope = torch.NewDisposeScope();
        var weighting = Begun();
        for (var epoch = 0; epoch < 3; epoch++)
        {
            Weights(weighting, epoch, 1, 1);
            Weights(weighting, epoch, double.NaN, 1);
        }

        Assert.Equal([1, 1], Weights(weighting, epoch: 3, 1, 1));
    }

    private static DynamicWeightAverage Begun()
    {
        var weighting = new DynamicWeightAverage();
        weighting.Begin(Tasks, torch.CPU);
        return weighting;
    }

    private static double[] Weights(DynamicWeightAverage weighting, int epoch, params double[] losses)
    {
        var given = UncertaintyTests.Losses(Tasks.All, losses);
        weighting.Weigh(given, StepContexts.At(epoch: epoch)).sum().backward();
        return Numbers.Read(given.Values.grad!);
    }
}
