using Plait.Optimization;
using Plait.Optimization.Scheduling;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;

namespace Plait.Tests.Optimization.Scheduling;

[Collection("torch")]
public sealed class ActiveActorCriticTests
{
    private const int StepsPerEpoch = 40;

    /// <summary>Judged by the AUC, of which more is better, and the squared error, of which less is.</summary>
    private static readonly TaskSet Three = new(
        LearningTask.Binary("sold"),
        LearningTask.Regression("price"),
        LearningTask.Binary("new")
    );

    [Fact]
    public void A_step_is_rewarded_for_the_shortfall_of_its_task_and_for_what_the_worst_have_reached()
    {
        using var source = new Sizes(Three, 5, 5, 5);
        var schedule = new ActiveActorCritic([0.8, 2, 0.8], lambda: 0.25, worst: 2);
        schedule.Begin(source.Sizes);
        Assert.All(schedule.Rewards(), reward => Assert.Equal(0.25, reward, 12)); // nothing is reached, all are worst

        schedule.EndEpoch(Heard(0, 0.6, 3, 0.9)); // shortfalls 0.25 and 0.5, and none beyond the target

        var ofAll = 0.75 * (1 - ((0.25 + 0.5) / 2));
        Assert.Equal(ofAll + (0.25 * 0.25), schedule.Rewards()[0], 12);
        Assert.Equal(ofAll + (0.25 * 0.5), schedule.Rewards()[1], 12);
        Assert.Equal(ofAll, schedule.Rewards()[2], 12);

        schedule.EndEpoch(Heard(1, 0.4, 20, 0.9)); // nine times the error: all is missing
        Assert.Equal((0.75 * (1 - 0.75)) + 0.25, schedule.Rewards()[1], 12);
    }

    [Fact]
    public void By_itself_half_of_the_tasks_are_the_worst_and_one_without_data_is_none()
    {
        using var source = new Sizes(Three, 5, 0, 5);
        var schedule = new ActiveActorCritic([0.8, 2, 0.8], lambda: 0);
        schedule.Begin(source.Sizes);

        schedule.EndEpoch(Heard(0, 0.6, 20, 0.4));

        Assert.Equal([0.5, 0.5], schedule.Rewards());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_task_of_one_row_is_drawn_and_one_without_rows_is_not(int empty)
    {
        using var source = new Sizes(Three, empty == 0 ? 0 : 1, empty == 1 ? 0 : 1, 5);
        var schedule = new ActiveActorCritic([0.8, 2, 0.8]);
        schedule.Begin(source.Sizes);

        var shares = schedule.Shares(At(0));

        Assert.Equal([0.5, 0.5, 0], [shares[1 - empty], shares[2], shares[empty]]);
    }

    [Fact]
    public void Chances_are_even_at_first_and_stay_for_an_epoch()
    {
        using var source = new Sizes(Three, 5, 5, 5);
        var schedule = new ActiveActorCritic([0.8, 2, 0.8]);
        schedule.Begin(source.Sizes);

        Train(schedule, epoch: 0);
        Assert.All(schedule.Shares(At(0)), share => Assert.Equal(1 / 3.0, share, 12));
        schedule.EndEpoch(Heard(0, 0.6, 3, 0.9));
        var next = schedule.Shares(At(StepsPerEpoch));
        Assert.DoesNotContain(1 / 3.0, next);
        Train(schedule, epoch: 1);
        Assert.Equal(next, schedule.Shares(At(2 * StepsPerEpoch)));

        schedule.Begin(source.Sizes);
        Assert.All(schedule.Shares(At(0)), share => Assert.Equal(1 / 3.0, share, 12)); // a new run forgets
    }

    /// <summary>One task of four gets better a hundred times more slowly than the others.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_task_that_needs_most_steps_comes_to_be_preferred(int seed)
    {
        var (first, last) = SlowTask(seed);

        Assert.InRange(first, 0.15, 0.4);
        Assert.InRange(last, 0.8, 1);
    }

    /// <summary>Tasks forget: what counts is their share of the last epoch, of which one needs 80%. Nothing pays but the worst score.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void By_the_reward_of_the_worst_task_alone_its_need_is_found(int seed)
    {
        double[] needed = [0.05, 0.05, 0.8, 0.05];
        var schedule = new ActiveActorCritic([0.9, 0.9, 0.9, 0.9], lambda: 0, worst: 1, entropy: 0);

        var (first, last) = Run(
            schedule,
            seed,
            epochs: 200,
            (_, own) => [.. needed.Select((need, task) => 0.9 * Math.Min(1, own[task] / (need * StepsPerEpoch)))]
        );

        Assert.InRange(first, 0.15, 0.45);
        Assert.InRange(last, 0.5, 0.95);
    }

    [Fact]
    public void Chance_of_torch_is_left_alone_and_the_seed_decides()
    {
        using var before = torch.get_rng_state();
        var first = SlowTask(seed: 1);
        using var after = torch.get_rng_state();

        Assert.Equal(before.bytes.ToArray(), after.bytes.ToArray());
        Assert.Equal(first, SlowTask(seed: 1));
        Assert.NotEqual(first, SlowTask(seed: 2));
    }

    [Fact]
    public void A_schedule_loaded_within_an_epoch_goes_on_as_the_saved_one()
    {
        using var source = new Sizes(Three, 5, 5, 5);
        var (saved, loaded) = (new ActiveActorCritic([0.8, 2, 0.8]), new ActiveActorCritic([0.8, 2, 0.8]));
        saved.Begin(source.Sizes);
        loaded.Begin(source.Sizes);
        var untouched = new StateDictionary();
        saved.Save(untouched);
        loaded.Load(untouched); // before the first step
        Train(saved, epoch: 0);
        saved.EndEpoch(Heard(0, 0.6, 3, 0.9));
        for (var step = 0; step < StepsPerEpoch / 2; step++)
        {
            saved.Next(At(StepsPerEpoch + step));
        }

        var state = new StateDictionary();
        saved.Save(state);
        loaded.Load(state);
        foreach (var schedule in new[] { saved, loaded })
        {
            for (var step = StepsPerEpoch / 2; step < StepsPerEpoch; step++)
            {
                schedule.Next(At(StepsPerEpoch + step));
            }

            schedule.EndEpoch(Heard(1, 0.7, 2.5, 0.5));
        }

        Assert.Equal(saved.Shares(At(0)), loaded.Shares(At(0)));
        using var two = new Sizes(5, 5);
        var other = new ActiveActorCritic([1, 1]);
        other.Begin(two.Sizes);
        Assert.Throws<InvalidDataException>(() => other.Load(state));
    }

    private static (double First, double Last) SlowTask(int seed)
    {
        double[] needed = [50, 50, 5_000, 50];
        return Run(
            new ActiveActorCritic([0.9, 0.9, 0.9, 0.9]),
            seed,
            epochs: 100,
            (steps, _) => [.. needed.Select((need, task) => 0.9 * (1 - Math.Exp(-steps[task] / need)))]
        );
    }

    /// <summary>The share of steps that the third of four tasks has in the first ten epochs and in the last ten.</summary>
    /// <param name="score">From the tasks' steps in all epochs so far and in the last to their scores.</param>
    private static (double First, double Last) Run(
        ActiveActorCritic schedule,
        int seed,
        int epochs,
        Func<double[], double[], double[]> score
    )
    {
        var tasks = new TaskSet([.. Enumerable.Range(0, 4).Select(task => LearningTask.Binary($"task {task}"))]);
        using var source = new Sizes(tasks, 10, 10, 10, 10);
        schedule.Begin(source.Sizes);
        var all = new double[tasks.Count];
        var shares = new List<double>();
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var own = new double[tasks.Count];
            for (var step = 0; step < StepsPerEpoch; step++)
            {
                var place = (epoch * StepsPerEpoch) + step;
                var chosen = schedule
                    .Next(
                        new StepContext
                        {
                            Tasks = tasks,
                            Step = place,
                            Seed = seed,
                        }
                    )
                    .Indices[0];
                all[chosen]++;
                own[chosen]++;
            }

            shares.Add(own[2] / StepsPerEpoch);
            schedule.EndEpoch(Outcome(tasks, epoch, score(all, own)));
        }

        return (shares.Take(10).Average(), shares.TakeLast(10).Average());
    }

    private static void Train(ActiveActorCritic schedule, int epoch)
    {
        for (var step = 0; step < StepsPerEpoch; step++)
        {
            schedule.Next(At((epoch * StepsPerEpoch) + step));
        }
    }

    private static StepContext At(long step) =>
        new()
        {
            Tasks = Three,
            Step = step,
            Seed = 3,
        };

    private static EpochOutcome Heard(int epoch, params double[] scores) => Outcome(Three, epoch, scores);

    private static EpochOutcome Outcome(TaskSet tasks, int epoch, double[] scores)
    {
        double[] losses = [.. scores.Select(_ => 0.1)];
        double[][] metrics =
        [
            .. scores.Select((score, task) => (double[])[score, .. new double[tasks[task].Metrics.Count - 1]]),
        ];
        return new(epoch, losses, new Evaluation(losses, new TaskMetrics(tasks, metrics)));
    }
}
