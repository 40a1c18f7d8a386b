using System.Globalization;
using Plait.Catalogue;
using Plait.Optimization.Scheduling;
using Plait.Tasks;

namespace Plait.Tests.Optimization.Scheduling;

public sealed class SamplingLawTests
{
    private const double ChiSquare = 21.1; // of three degrees of freedom, exceeded once in ten thousand

    public static TheoryData<string> OfOneTaskAStep =>
        [
            .. MethodCatalog
                .Of(MethodKind.Schedule)
                .Where(entry => entry.Type.IsAssignableTo(typeof(OneTaskSchedule)))
                .Select(entry => entry.Example),
            "curriculum",
        ];

    [Theory]
    [InlineData("uniform", 0, "1/1/1/1")]
    [InlineData("proportional", 0, "1/4/16/100")]
    [InlineData("proportional:cap=10", 0, "1/4/10/10")]
    [InlineData("square-root", 0, "1/2/4/10")]
    [InlineData("temperature:temperature=2", 0, "1/2/4/10")]
    [InlineData("temperature:temperature=1,cap=10", 0, "1/4/10/10")]
    [InlineData("temperature", 0, "1/1.3195/1.7411/2.5119")] // fifth roots
    [InlineData("annealed", 0, "1/4/16/100")]
    [InlineData("annealed", 4, "1/1.3195/1.7411/2.5119")] // the fifth epoch of five: an exponent of 0.2
    [InlineData("annealed", 2, "1/2.2974/5.2780/15.8489")] // in between: 0.6
    [InlineData("scheduled:form=constant,slope=0.7,main=task 2", 3, "0.1/0.1/0.7/0.1")]
    [InlineData("scheduled:slope=0.5", 2, "0.632121/0.122626/0.122626/0.122626")]
    [InlineData("scheduled:form=sigmoid,slope=1", 1, "0.731059/0.089647/0.089647/0.089647")]
    public void Draws_follow_the_law(string law, int epoch, string expected)
    {
        using var source = new Sizes(1, 4, 16, 100);
        var schedule = (SampledSchedule)MethodCatalog.Create<TaskSchedule>(law);
        schedule.Begin(source.Sizes);
        double[] weights = [.. expected.Split('/').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        double[] shares = [.. weights.Select(weight => weight / weights.Sum())];

        Assert.All(schedule.Shares(At(0, epoch)).Zip(shares), pair => Assert.Equal(pair.Second, pair.First, 1e-4));

        const int Draws = 20_000;
        var counts = new int[4];
        for (var step = 0; step < Draws; step++)
        {
            counts[schedule.Next(At(step, epoch)).Indices[0]]++;
        }

        Assert.InRange(
            counts.Zip(shares, (count, share) => Math.Pow(count - (Draws * share), 2) / (Draws * share)).Sum(),
            0,
            ChiSquare
        );
        Assert.Equal(121, schedule.StepsPerEpoch(source.Sizes));
    }

    [Theory]
    [MemberData(nameof(OfOneTaskAStep))]
    public void A_task_without_a_batch_is_never_taken(string law)
    {
        using var source = new Sizes(3, 0, 5);
        var schedule = MethodCatalog.Create<TaskSchedule>(law);
        schedule.Begin(source.Sizes);
        for (var step = 0; step < 200; step++)
        {
            Assert.DoesNotContain(1, schedule.Next(At(step, step / 40, tasks: 3)).Indices.ToArray());
        }
    }

    [Fact]
    public void The_main_task_s_share_grows_within_an_epoch_too()
    {
        using var source = new Sizes(1, 1);
        var schedule = new Scheduled(slope: 1);
        schedule.Begin(source.Sizes);
        var middle = At(5, 0, tasks: 2) with { StepInEpoch = 5, StepsPerEpoch = 10 };

        Assert.Equal(1 - Math.Exp(-0.5), schedule.Shares(middle)[0], 12);
    }

    [Fact]
    public void Tasks_with_data_take_turns()
    {
        using var source = new Sizes(3, 0, 5, 1);
        var schedule = new RoundRobin();
        schedule.Begin(source.Sizes);

        Assert.Equal([0, 2, 3, 0, 2, 3], Enumerable.Range(0, 6).Select(step => schedule.Next(At(step, 0)).Indices[0]));
    }

    [Theory]
    [InlineData("", false, "0 0 1 1 2 2")]
    [InlineData("task 2/task 0/task 1", false, "2 2 0 0 1 1")]
    [InlineData("task 2/task 0/task 1", true, "2 2 02 02 012 012")]
    public void A_curriculum_gives_each_task_an_equal_part_of_the_run(string order, bool cumulative, string expected)
    {
        using var source = new Sizes(1, 1, 1);
        var schedule = new Curriculum(order.Length == 0 ? null : order.Split('/'), cumulative);
        schedule.Begin(source.Sizes);
        var taken = Enumerable
            .Range(0, 6)
            .Select(step => At(step, step / 3, tasks: 3) with { StepInEpoch = step % 3, StepsPerEpoch = 3, Epochs = 2 })
            .Select(step => string.Concat(schedule.Next(step).Indices.ToArray()));

        Assert.Equal(expected, string.Join(" ", taken));
    }

    [Theory]
    [InlineData("proportional:cap=0", "The cap is a number of rows from 1; got 0.")]
    [InlineData("temperature:temperature=0", "The temperature is above 0; got 0.")]
    [InlineData("annealed:decay=2", "The decay is a number from 0 to 1; got 2.")]
    [InlineData("scheduled:form=constant,slope=1.5", "above 0 and at most 1; got 1.5.")]
    [InlineData("stop-and-go:patience=0", "whole numbers from 1; got 0 and 4.")]
    [InlineData("active-sampling:targets=0/1", "finite and not 0")]
    [InlineData("active-sampling", "write active-sampling:targets=")]
    [InlineData("active-bandit:targets=1/1,discount=0", "The discount is above 0 and at most 1; got 0.")]
    [InlineData("active-actor-critic:targets=1/1,lambda=2", "Lambda is a part from 0 to 1; got 2.")]
    [InlineData("active-actor-critic:targets=1/1,worst=3", "1 to 2, or 0 for half of them; got 3.")]
    [InlineData("active-actor-critic:targets=1/1,discount=1", "The discount is 0 or more and below 1; got 1.")]
    [InlineData("active-actor-critic:targets=1/1,width=0", "The width is a number of units from 1; got 0.")]
    [InlineData("adaptive:baselines=1/-1", "baselines are above 0; got 1/-1.")]
    [InlineData("adaptive:baselines=1/1,floor=0", "The floor is finite and above 0; got 0.")]
    public void Options_out_of_range_are_refused_in_one_line(string law, string says)
    {
        var refused = Assert.Throws<FormatException>(() => MethodCatalog.Create<TaskSchedule>(law));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("scheduled:main=price", "There is no task 'price' to be the main one; the tasks are task 0, task 1.")]
    [InlineData("curriculum:order=task 1", "names each of the tasks task 0, task 1 once; got task 1.")]
    [InlineData("active-sampling:targets=1/1/1", "but there are 2 tasks: task 0, task 1.")]
    public void Options_that_do_not_fit_the_tasks_are_refused_at_the_start(string law, string says)
    {
        using var source = new Sizes(2, 2);

        var refused = Assert.Throws<ArgumentException>(() =>
            MethodCatalog.Create<TaskSchedule>(law).Begin(source.Sizes)
        );

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    private static StepContext At(long step, int epoch, int tasks = 4) =>
        StepContexts.At(step, epoch, tasks: tasks) with
        {
            Epochs = 5,
        };
}
