using Plait.Optimization;
using Plait.Optimization.Scheduling;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;

namespace Plait.Tests.Optimization.Scheduling;

public sealed class TaskWiseEarlyStoppingTests
{
    private static readonly TaskSet Two = new(LearningTask.Regression("landmarks"), LearningTask.Binary("glasses"));

    // Over three epochs: 3 · 0.4 / ((0.9 + 0.4 + 0.3) - 3 · 0.4) = 3, times (E_val - 0.3) / (λ 0.3).
    [Theory]
    [InlineData(0.36, 1, 0.59, true)]
    [InlineData(0.36, 1, 0.61, false)]
    [InlineData(0.36, 2, 0.31, false)]
    [InlineData(0.36, 2, 0.29, true)]
    [InlineData(0.20, 1, 0.01, false)] // no worse on the validation data
    public void A_helper_stops_when_the_criterion_passes_the_threshold(
        double validation,
        double importance,
        double threshold,
        bool stops
    )
    {
        var schedule = Begun(new("landmarks", 3, threshold, [1, importance]));
        schedule.EndEpoch(Heard(0.9, 5));
        schedule.EndEpoch(Heard(0.4, 5));
        Assert.False(schedule.HasStopped(1)); // the window is not full

        schedule.EndEpoch(Heard(0.3, validation));

        Assert.Equal((false, stops), (schedule.HasStopped(0), schedule.HasStopped(1)));
        Assert.Equal(stops ? 1 : 2, schedule.Next(At()).Count);
        Assert.Equal("landmarks", schedule.Next(At())[0].Name);
    }

    [Fact]
    public void A_quick_fall_keeps_a_task_and_a_standstill_stops_it()
    {
        var falling = Begun(new(window: 3, threshold: 10));
        var standing = Begun(new(window: 3, threshold: 10));
        foreach (var (quick, slow) in new[] { (0.9, 0.330), (0.4, 0.303), (0.3, 0.300) })
        {
            falling.EndEpoch(Heard(quick, 0.4));
            standing.EndEpoch(Heard(slow, 0.4));
        }

        Assert.Equal((false, true), (falling.HasStopped(1), standing.HasStopped(1)));
    }

    [Fact]
    public void The_minimum_is_over_all_epochs_and_a_stop_is_for_good()
    {
        var schedule = Begun(new(window: 2, threshold: 100));
        schedule.EndEpoch(Heard(0.1, 0.1));
        schedule.EndEpoch(Heard(0.5, 0.5)); // median and mean of two are one: no tendency at all
        Assert.True(schedule.HasStopped(1));
        foreach (var loss in new[] { 0.4, 0.2, 0.05 })
        {
            schedule.EndEpoch(Heard(loss, loss));
        }

        Assert.True(schedule.HasStopped(1));
    }

    [Fact]
    public void The_main_task_never_stops_and_the_first_is_it_unless_named()
    {
        foreach (var (main, place) in new[] { (null, 0), ("landmarks", 0), ("glasses", 1) })
        {
            var schedule = Begun(new(main, window: 2, threshold: 0.01));
            for (var epoch = 0; epoch < 4; epoch++)
            {
                schedule.EndEpoch(new EpochOutcome(epoch, [0.5, 0.5], Validated(0.9, 0.9)));
            }

            Assert.Equal((place != 0, place != 1), (schedule.HasStopped(0), schedule.HasStopped(1)));
        }
    }

    [Fact]
    public void A_loaded_schedule_goes_on_as_the_saved_one()
    {
        var (saved, loaded) = (Begun(new(window: 3, threshold: 0.5)), Begun(new(window: 3, threshold: 0.5)));
        saved.EndEpoch(Heard(0.9, 5));
        saved.EndEpoch(Heard(0.4, 5));
        var state = new StateDictionary();
        saved.Save(state);
        loaded.Load(state);

        loaded.EndEpoch(Heard(0.3, 0.36));

        Assert.True(loaded.HasStopped(1));
        var other = Begun(new(window: 2));
        Assert.Throws<InvalidDataException>(() => other.Load(state));
    }

    [Fact]
    public void What_it_cannot_do_is_refused()
    {
        var schedule = Begun(new());
        var refused = Assert.Throws<NotSupportedException>(() => schedule.EndEpoch(new EpochOutcome(0, [1, 1], null)));
        Assert.Contains("no validation data", refused.Message, StringComparison.Ordinal);
        using var source = new Sizes(Two, 5, 0);
        Assert.Throws<ArgumentException>(() => new TaskWiseEarlyStopping("hair").Begin(source.Sizes));
        Assert.Throws<ArgumentException>(() => new TaskWiseEarlyStopping("glasses").Begin(source.Sizes));
        Assert.Throws<ArgumentException>(() => new TaskWiseEarlyStopping(importance: [1]).Begin(source.Sizes));
        Assert.Throws<ArgumentException>(() => new TaskWiseEarlyStopping(window: 1));
        Assert.Throws<ArgumentException>(() => new TaskWiseEarlyStopping(threshold: 0));
        Assert.Throws<ArgumentException>(() => new TaskWiseEarlyStopping(importance: [1, 0]));
    }

    private static TaskWiseEarlyStopping Begun(TaskWiseEarlyStopping schedule)
    {
        using var source = new Sizes(Two, 5, 5);
        schedule.Begin(source.Sizes);
        return schedule;
    }

    private static StepContext At() => new() { Tasks = Two };

    /// <summary>Losses of the helper; the main task's would stop it, were it one.</summary>
    private static EpochOutcome Heard(double training, double validation) =>
        new(0, [training, training], Validated(validation, validation));

    private static Evaluation Validated(params double[] losses) =>
        new(losses, new TaskMetrics(Two, [.. Two.Select(task => new double[task.Metrics.Count])]));
}
