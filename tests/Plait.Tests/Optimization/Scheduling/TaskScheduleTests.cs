using Plait.Catalogue;
using Plait.Optimization.Regularization;
using Plait.Optimization.Scheduling;

namespace Plait.Tests.Optimization.Scheduling;

public sealed class TaskScheduleTests
{
    [Fact]
    public void Joint_takes_all_tasks_in_every_step()
    {
        var step = StepContexts.At(tasks: 3);

        Assert.Same(step.Tasks.All, new Joint().Next(step));
    }

    [Fact]
    public void Proportional_draws_tasks_by_their_numbers_of_rows()
    {
        using var source = new Sizes(1, 3, 0, 6);
        var schedule = new Proportional();
        schedule.Begin(source.Sizes);
        var drawn = new int[4];
        for (var step = 0; step < 10_000; step++)
        {
            drawn[Assert.Single(schedule.Next(StepContexts.At(step)).Indices.ToArray())]++;
        }

        Assert.InRange(drawn[0], 880, 1_120); // four standard deviations
        Assert.InRange(drawn[1], 2_816, 3_184);
        Assert.Equal(0, drawn[2]);
    }

    [Fact]
    public void Proportional_draws_the_same_task_for_the_same_step()
    {
        using var source = new Sizes(2, 2, 2);
        var (schedule, resumed) = (new Proportional(), new Proportional());
        schedule.Begin(source.Sizes);
        resumed.Begin(source.Sizes);
        foreach (var step in Enumerable.Range(0, 20))
        {
            schedule.Next(StepContexts.At(step));
        }

        Assert.Equal(
            Enumerable.Range(20, 20).Select(step => schedule.Next(StepContexts.At(step))[0]),
            Enumerable.Range(20, 20).Select(step => resumed.Next(StepContexts.At(step))[0])
        );
    }

    [Fact]
    public void Data_without_any_batch_is_refused()
    {
        using var source = new Sizes(0, 0);

        Assert.Throws<ArgumentException>(() => new Proportional().Begin(source.Sizes));
    }

    [Fact]
    public void Both_kinds_are_in_the_catalogue()
    {
        Assert.IsType<Proportional>(MethodCatalog.Create<TaskSchedule>("proportional"));
        Assert.IsType<SoftSharing>(MethodCatalog.Create<Regularizer>("soft-sharing:strength=0.1"));
    }
}
