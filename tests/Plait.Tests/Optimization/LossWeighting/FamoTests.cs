using Plait.Optimization.LossWeighting;
using Plait.Tasks;

namespace Plait.Tests.Optimization.LossWeighting;

using LossWeighting = Plait.Optimization.LossWeighting.LossWeighting;

[Collection("torch")]
public sealed class FamoTests
{
    private static readonly TaskSet Two = StepContexts.Regressions(2);

    [Fact]
    public void At_the_start_weights_are_inverse_losses_of_sum_one() =>
        Weighted.AssertClose([0.8, 0.2], new Famo().Begun().Weights(StepContexts.At(), 1, 4));

    [Fact]
    public void Losses_count_from_their_minimum() =>
        Weighted.AssertClose([0.8, 0.2], new Famo(minimum: [-3, 1]).Begun().Weights(StepContexts.At(), -2, 5));

    [Fact]
    public void The_first_step_moves_each_logit_by_the_learning_rate_towards_the_task_that_fell_less()
    {
        using var scope = torch.NewDisposeScope();
        var weighting = new Famo(decay: 0).Begun();

        After(weighting, [2, 2], [1.9, 1.0]);

        var odds = Math.Exp(2 * 0.025);
        Weighted.AssertClose([odds / (1 + odds), 1 / (1 + odds)], weighting.Weights(StepContexts.At(), 1, 1));
    }

    [Fact]
    public void Losses_that_fall_alike_leave_the_weights_alone()
    {
        using var scope = torch.NewDisposeScope();
        var weighting = new Famo().Begun();

        After(weighting, [8, 2], [4, 1]);

        Assert.Equal(0.5, weighting.Weights(StepContexts.At(), 1, 1)[0], 12);
    }

    [Fact]
    public void A_loss_at_its_minimum_takes_the_weight_and_teaches_nothing()
    {
        using var scope = torch.NewDisposeScope();
        var weighting = new Famo().Begun();

        Assert.Equal([1, 0], weighting.Weights(StepContexts.At(), 0, 4));
        After(weighting, [0, 2], [0, 1]);
        Assert.All(weighting.Weights(StepContexts.At(), 1, 1), weight => Assert.InRange(weight, 0.4, 0.6));
    }

    /// <summary>Two coordinates of very different curvature: plain descent lets one loss fall a hundred times as fast.</summary>
    [Fact]
    public void Losses_come_to_fall_at_like_rates()
    {
        var (equalFast, equalSlow) = Falls(new Equal());
        var (fast, slow) = Falls(new Famo(decay: 0));

        Assert.True(equalFast > 50 * equalSlow, $"{equalFast} and {equalSlow}");
        Assert.InRange(fast / slow, 0.25, 4); // ξ learns slowly once its share is small
    }

    /// <summary>How far the logarithms of x²/2 and y²/200 fall over the last hundred of some steps of length 0.01.</summary>
    private static (double Fast, double Slow) Falls(LossWeighting weighting)
    {
        double[] curvatures = [1, 0.01];
        weighting.Begun();
        double[] point = [1, 10]; // the same loss
        var start = (0.0, 0.0);
        for (var step = 0; step < 1500; step++)
        {
            if (step == 1400)
            {
                start = (Math.Log(Loss(0)), Math.Log(Loss(1)));
            }

            using var scope = torch.NewDisposeScope();
            var before = Losses(Loss(0), Loss(1));
            weighting.Weigh(before, StepContexts.At(step)).sum().backward();
            var weights = Plait.Torch.Numbers.Read(before.Values.grad!);
            for (var i = 0; i < 2; i++)
            {
                point[i] *= 1 - (0.01 * weights[i] * curvatures[i]);
            }

            weighting.AfterStep(before, () => Losses(Loss(0), Loss(1)), StepContexts.At(step));
        }

        return (start.Item1 - Math.Log(Loss(0)), start.Item2 - Math.Log(Loss(1)));

        double Loss(int i) => 0.5 * curvatures[i] * point[i] * point[i];
    }

    private static void After(Famo weighting, double[] before, double[] now) =>
        weighting.AfterStep(Losses(before), () => Losses(now), StepContexts.At());

    private static TaskLosses Losses(params double[] values) => Weighted.Losses(Two.All, values);
}
