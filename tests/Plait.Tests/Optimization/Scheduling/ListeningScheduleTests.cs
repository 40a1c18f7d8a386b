using Plait.Optimization;
using Plait.Optimization.LossWeighting;
using Plait.Optimization.Scheduling;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;

namespace Plait.Tests.Optimization.Scheduling;

public sealed class ListeningScheduleTests
{
    /// <summary>Judged by the AUC, of which more is better, and the squared error, of which less is.</summary>
    private static readonly TaskSet Two = new(LearningTask.Binary("sold"), LearningTask.Regression("price"));

    [Fact]
    public void Active_sampling_is_the_softmax_of_the_relative_distance_from_the_targets()
    {
        using var source = new Sizes(Two, 5, 5);
        var schedule = new ActiveSampling([0.8, 2], temperature: 0.5, window: 2);
        schedule.Begin(source.Sizes);
        Assert.Equal([0.5, 0.5], schedule.Shares(At(0)));

        schedule.EndEpoch(Heard(0, 0.1, 9));
        schedule.EndEpoch(Heard(1, 0.5, 5));
        schedule.EndEpoch(Heard(2, 0.7, 3)); // the window holds this and the one before

        // (0.8 - 0.6) / 0.8 and (4 - 2) / 2, by the temperature
        var (sold, price) = (Math.Exp(0.25 / 0.5), Math.Exp(1 / 0.5));
        Assert.Equal(sold / (sold + price), schedule.Shares(At(0))[0], 12);
    }

    [Fact]
    public void Adaptive_shares_follow_the_ratio_to_the_baselines()
    {
        using var source = new Sizes(Two, 5, 5);
        var schedule = new AdaptiveSampling([0.9, 2], power: 2, floor: 0.05);
        schedule.Begin(source.Sizes);

        schedule.EndEpoch(Heard(0, 0.95, 4)); // better than its baseline; twice the error of the other's

        var (sold, price) = (1 / (1 + 0.05), 1 / (0.25 + 0.05));
        Assert.Equal(sold / (sold + price), schedule.Shares(At(0))[0], 12);
    }

    [Fact]
    public void Adaptive_weights_have_mean_one_and_the_schedule_s_ratios()
    {
        using var scope = torch.NewDisposeScope();
        var weighting = new AdaptiveLossScaling([0.9, 2], power: 2, floor: 0.05);
        weighting.Begin(Two, torch.CPU);
        var losses = TaskLosses.Of(Two, torch.tensor(1.0), torch.tensor(1.0));
        Assert.Equal([1, 1], Numbers.Read(weighting.Weigh(losses, At(0))));

        weighting.EndEpoch(Heard(0, 0.95, 4));

        var weights = Numbers.Read(weighting.Weigh(losses, At(0)));
        Assert.Equal(2, weights.Sum(), 12);
        Assert.Equal((0.25 + 0.05) / (1 + 0.05), weights[0] / weights[1], 12);
    }

    [Fact]
    public void A_bandit_pulls_the_task_that_is_far_from_its_target_but_never_forgets_the_other()
    {
        using var source = new Sizes(Two, 5, 5);
        var schedule = new ActiveBandit([0.8, 2], exploration: 0.2);
        schedule.Begin(source.Sizes);
        var before = Enumerable.Range(0, 100).Count(step => schedule.Next(At(step))[0].Name == "price");
        Assert.InRange(before, 40, 60);

        schedule.EndEpoch(Heard(0, 0.79, 20));

        var after = Enumerable.Range(100, 1_000).Count(step => schedule.Next(At(step))[0].Name == "price");
        Assert.InRange(after, 800, 998);
    }

    /// <summary>Garivier and Moulines 2011, section 3, from all the pulls there were.</summary>
    [Fact]
    public void A_bandit_goes_by_the_discounted_upper_confidence_bound_of_all_pulls()
    {
        const double Discount = 0.9;
        const double Exploration = 0.3;
        using var source = new Sizes(Two, 5, 5);
        var schedule = new ActiveBandit([0.8, 2], Discount, Exploration);
        schedule.Begin(source.Sizes);
        double[] rewards = [1, 1]; // before a score
        var pulls = new List<(int Task, double Reward)>();
        for (var step = 0; step < 120; step++)
        {
            var expected =
                pulls.Count < 2 ? pulls.Count
                : Bound(0) >= Bound(1) ? 0
                : 1;
            Assert.Equal((step, expected), (step, schedule.Next(At(step)).Indices[0]));
            pulls.Add((expected, rewards[expected]));
            if (step is 30 or 70)
            {
                schedule.EndEpoch(step == 30 ? Heard(0, 0.4, 2.5) : Heard(1, 0.72, 5));
                rewards = step == 30 ? [0.5, 0.25] : [0.1, 1];
            }
        }

        Assert.All([0, 1], task => Assert.InRange(pulls.Count(pull => pull.Task == task), 20, 100));

        double Bound(int task)
        {
            var share = pulls.Select((_, step) => Math.Pow(Discount, pulls.Count - 1 - step)).ToArray();
            var own = Enumerable.Range(0, pulls.Count).Where(step => pulls[step].Task == task).ToArray();
            var count = own.Sum(step => share[step]);
            var mean = own.Sum(step => share[step] * pulls[step].Reward) / count;
            return mean + (Exploration * Math.Sqrt(Math.Log(share.Sum()) / count));
        }
    }

    [Fact]
    public void Without_validation_data_a_comparison_with_given_scores_is_refused()
    {
        using var source = new Sizes(Two, 5, 5);
        TaskSchedule[] schedules =
        [
            new ActiveSampling([1, 1]),
            new ActiveBandit([1, 1]),
            new ActiveActorCritic([1, 1]),
            new AdaptiveSampling([1, 1]),
        ];
        foreach (var schedule in schedules)
        {
            schedule.Begin(source.Sizes);

            var refused = Assert.Throws<NotSupportedException>(() =>
                schedule.EndEpoch(new EpochOutcome(0, [1, 1], null))
            );
            Assert.Contains("has no validation data", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_task_stops_after_two_stale_epochs_and_goes_again_when_it_has_got_worse()
    {
        using var source = new Sizes(Two, 5, 5);
        var schedule = new StopAndGo();
        schedule.Begin(source.Sizes);
        (double Sold, double Price, bool SoldRests, bool PriceRests)[] epochs =
        [
            (0.8000, 5, false, false),
            (0.8005, 4, false, false), // sold gains less than 0.1%
            (0.8007, 4, true, false), // less than 0.1% over two epochs
            (0.8007, 4, true, true),
            (0.7990, 4, true, true),
            (0.7970, 4.01, true, true),
            (0.7950, 4.03, false, false), // both more than 0.5% worse than their best
        ];
        for (var epoch = 0; epoch < epochs.Length; epoch++)
        {
            schedule.EndEpoch(Heard(epoch, epochs[epoch].Sold, epochs[epoch].Price));
            Assert.Equal(
                (epoch, epochs[epoch].SoldRests, epochs[epoch].PriceRests),
                (epoch, schedule.HasStopped(0), schedule.HasStopped(1))
            );
        }
    }

    [Fact]
    public void A_task_that_rests_takes_part_in_every_fourth_step()
    {
        using var source = new Sizes(Two, 5, 5);
        var schedule = new StopAndGo(patience: 1);
        schedule.Begin(source.Sizes);
        schedule.EndEpoch(Heard(0, 0.8, 4));
        schedule.EndEpoch(Heard(1, 0.8, 2));

        Assert.Equal([2, 1, 1, 1, 2, 1], Enumerable.Range(0, 6).Select(step => schedule.Next(At(step)).Count));
        Assert.Equal("price", schedule.Next(At(1))[0].Name);

        schedule.EndEpoch(Heard(2, 0.8, 2));
        Assert.Equal(2, schedule.Next(At(1)).Count); // all rest: nothing else to do in this step
    }

    [Fact]
    public void Without_validation_data_stop_and_go_listens_to_training_losses()
    {
        using var source = new Sizes(Two, 5, 5);
        var schedule = new StopAndGo(patience: 1);
        schedule.Begin(source.Sizes);
        schedule.EndEpoch(new EpochOutcome(0, [1, 1], null));
        schedule.EndEpoch(new EpochOutcome(1, [0.5, 1], null));

        Assert.Equal((false, true), (schedule.HasStopped(0), schedule.HasStopped(1)));
    }

    [Fact]
    public void A_loaded_schedule_goes_on_as_the_saved_one()
    {
        (Func<TaskSchedule> Make, Func<TaskSchedule, object> See)[] cases =
        [
            (() => new StopAndGo(patience: 1), schedule => schedule.Next(At(1)).Count),
            (() => new ActiveSampling([0.9, 1]), schedule => ((ActiveSampling)schedule).Shares(At(9))[0]),
            (() => new AdaptiveSampling([0.9, 1]), schedule => ((AdaptiveSampling)schedule).Shares(At(9))[0]),
            (
                () => new ActiveBandit([0.9, 1]),
                schedule => string.Concat(Enumerable.Range(0, 50).Select(step => schedule.Next(At(step)).Indices[0]))
            ),
        ];
        foreach (var (make, see) in cases)
        {
            using var source = new Sizes(Two, 5, 5);
            var (saved, loaded, fresh) = (make(), make(), make());
            foreach (var schedule in new[] { saved, loaded, fresh })
            {
                schedule.Begin(source.Sizes);
            }

            for (var step = 0; step < 30; step++)
            {
                saved.Next(At(step));
            }

            saved.EndEpoch(Heard(0, 0.8, 4));
            saved.EndEpoch(Heard(1, 0.8, 3));
            var state = new StateDictionary();
            saved.Save(state);
            loaded.Load(state);

            var expected = see(saved);
            Assert.Equal(expected, see(loaded));
            Assert.NotEqual(expected, see(fresh));
            using var more = new Sizes(1, 1, 1);
            var other = new StopAndGo();
            other.Begin(more.Sizes);
            Assert.Throws<InvalidDataException>(() => other.Load(state));
        }
    }

    private static StepContext At(long step) =>
        new()
        {
            Tasks = Two,
            Step = step,
            Seed = 3,
        };

    /// <summary>What an epoch brought: the AUC of one task and the squared error of the other.</summary>
    private static EpochOutcome Heard(int epoch, double sold, double price) =>
        new(epoch, [0.1, 0.1], new Evaluation([0.1, 0.1], new TaskMetrics(Two, [Primary(0, sold), Primary(1, price)])));

    private static double[] Primary(int task, double value) => [value, .. new double[Two[task].Metrics.Count - 1]];
}
