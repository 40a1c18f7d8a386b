using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;
using Plait.Torch;

namespace Plait.Tests.Tasks;

/// <summary>Answers of steps mean what those of rows do, once for each step that is there.</summary>
[Collection("torch")]
public sealed class StepAnswersTests
{
    private const int Rows = 5;
    private const int Steps = 6;

    public static TheoryData<string> Kinds =>
        ["classes", "binary", "labels", "numbers", "counts", "levels", "directions"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Losses_metrics_and_guesses_are_those_of_the_steps_as_rows(string kind)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        var (task, rowTask) = (TaskOf(kind, Layout.Step), TaskOf(kind, Layout.Row));
        var (output, target, rows, rowTarget) = Draw(kind, task.Output.Channels);

        Assert.Equal(
            rowTask.Loss.Compute(rows, rowTarget).ToDouble(),
            task.Loss.Compute(output, target).ToDouble(),
            1e-6
        );
        Assert.Equal(rowTask.Loss.WeightOf(rowTarget), task.Loss.WeightOf(target), 1e-6);
        foreach (var (metric, rowMetric) in task.Metrics.Zip(rowTask.Metrics))
        {
            var (accumulator, rowAccumulator) = (metric.Start(task.Answer), rowMetric.Start(rowTask.Answer));
            accumulator.Add(output, target);
            rowAccumulator.Add(rows, rowTarget);
            Assert.Equal(rowAccumulator.Compute(), accumulator.Compute(), 1e-6);
        }

        Assert.Equal(Numbers.Read(rowTask.Answer.Guess(rowTarget)), Numbers.Read(task.Answer.Guess(target)));
        Assert.Null(task.Loss.FaultOf(target, task.Output));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Nothing_of_the_padding_reaches_a_loss_or_its_gradient(string kind)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        var task = TaskOf(kind, Layout.Step);
        var (output, target, _, _) = Draw(kind, task.Output.Channels);
        var missing = target.Present!.eq(0);
        missing = missing.dim() == 2 ? missing.unsqueeze(1) : missing;

        var (loss, gradient) = Descend(output);
        var (again, _) = Descend(torch.where(missing, output + 1, output));

        Assert.Equal(loss, again);
        Assert.Equal(0, gradient.masked_select(missing.expand_as(gradient)).abs().max().item<float>());
        Assert.NotEqual(0, gradient.abs().max().item<float>());

        (double, Tensor) Descend(Tensor said)
        {
            var leaf = said.detach().requires_grad_();
            var cost = task.Loss.Compute(leaf, target);
            cost.backward();
            return (cost.ToDouble(), leaf.grad!);
        }
    }

    [Fact]
    public void Metrics_of_maps_say_nothing_of_steps()
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            new LearningTask("depth", new Numeric(layout: Layout.Step), new AbsoluteError(), Metric.ForDepth)
        );

        Assert.Contains("1 numbers a step", refused.Message, StringComparison.Ordinal);
        Assert.Equal("3 classes a step", LearningTask.Tagging("tag", 3).Answer.ToString());
        Assert.Throws<ArgumentException>(() => LearningTask.Tagging("tag", 3, [1, 2]));
    }

    private static LearningTask TaskOf(string kind, Layout layout) =>
        new(
            kind,
            kind switch
            {
                "classes" => new Categorical(3, layout),
                "binary" => new Binary(layout),
                "labels" => new MultiLabel(2, layout),
                "numbers" => new Numeric(2, layout),
                "counts" => new Count(layout: layout),
                "levels" => new Ordinal(4, layout),
                _ => new Direction(3, layout),
            }
        );

    /// <summary>Outputs and targets of steps, the last of which are missing in all rows but the first, and those that are there as rows.</summary>
    private static (Tensor Output, TaskTarget Target, Tensor Rows, TaskTarget RowTarget) Draw(string kind, int channels)
    {
        var output = torch.randn(Rows, channels, Steps);
        var values = kind switch
        {
            "classes" or "levels" => torch.randint(0, 3, [Rows, Steps], ScalarType.Int64),
            "binary" => torch.randint(0, 2, [Rows, Steps], ScalarType.Float32),
            "counts" => torch.randint(0, 4, [Rows, Steps], ScalarType.Float32),
            "labels" => torch.randint(0, 2, [Rows, channels, Steps], ScalarType.Float32),
            _ => torch.randn(Rows, channels, Steps),
        };
        var mask = torch.arange(Steps).unsqueeze(0).lt(torch.tensor(new long[] { 6, 1, 4, 2, 5 }).unsqueeze(1));
        var places = mask.flatten().nonzero().flatten();
        var marks = (values.dim() == 2 ? mask : mask.unsqueeze(1).expand_as(values)).to(ScalarType.Float32);
        return (output, TaskTarget.Of(values, marks), Flat(output), TaskTarget.Of(Flat(values)));

        Tensor Flat(Tensor steps) =>
            (steps.dim() == 2 ? steps.flatten() : steps.transpose(1, 2).reshape(-1, channels)).index_select(0, places);
    }
}
