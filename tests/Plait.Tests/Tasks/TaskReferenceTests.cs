using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tests.Optimization;

namespace Plait.Tests.Tasks;

/// <summary>An option that means a task takes its name or its place.</summary>
[Collection("torch")]
public sealed class TaskReferenceTests
{
    private static readonly TaskSet Tasks = new(
        LearningTask.Regression("price"),
        LearningTask.Binary("1"),
        LearningTask.Binary("sold")
    );

    [Theory]
    [InlineData("price", 0)]
    [InlineData("sold", 2)]
    [InlineData("2", 2)]
    [InlineData("0", 0)]
    [InlineData("1", 1)] // a name, which is its place too
    public void It_finds_its_task(string text, int place) =>
        Assert.Equal(place, TaskReference.Parse(text).IndexIn(Tasks, "main"));

    [Fact]
    public void A_number_in_code_is_a_place_even_where_a_task_is_called_so()
    {
        var tasks = new TaskSet(LearningTask.Binary("1"), LearningTask.Binary("0"));

        Assert.Equal(1, TaskReference.At(1).IndexIn(tasks, "main"));
        Assert.Equal(0, TaskReference.Parse("1").IndexIn(tasks, "main"));
    }

    [Theory]
    [InlineData("prise", "There is no task 'prise' to be main (did you mean 'price'?); the tasks are price, 1, sold")]
    [InlineData("3", "There is no task '3' to be main")]
    [InlineData("-1", "0 to 2 by their places")]
    public void What_it_does_not_find_is_told_with_what_there_is(string text, string says) =>
        Assert.Contains(
            says,
            Assert.Throws<ArgumentException>(() => TaskReference.Parse(text).IndexIn(Tasks, "main")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Without_names_it_is_a_place()
    {
        Assert.Equal(1, TaskReference.Parse("1").IndexAmong(2, "main"));
        Assert.Throws<ArgumentException>(() => TaskReference.Parse("2").IndexAmong(2, "main"));
        Assert.Throws<ArgumentException>(() => TaskReference.Parse("price").IndexAmong(2, "main"));
        Assert.Throws<FormatException>(() => TaskReference.Parse(" "));
    }

    [Theory]
    [InlineData("gem:main=sold", "gem:main=2")]
    [InlineData("a-gem:main=price", "a-gem:main=0")]
    [InlineData("cosine-gating:main=sold", "cosine-gating:main=2")]
    public void A_method_does_the_same_for_the_name_as_for_the_place(string byName, string byPlace)
    {
        var named = Weights(byName);

        Assert.Equal(Weights(byPlace), named);
        Assert.NotEqual(Weights($"{byPlace[..^1]}1"), named);
    }

    private static double[] Weights(string specification)
    {
        using var network = new HardSharing(Tasks, new Mlp(4, [3]));
        var aggregator = (GramianAggregator)MethodCatalog.Create<GradientAggregator>(specification);
        aggregator.Begin(network);
        var weights = new double[Tasks.Count];
        aggregator.Weigh(
            new GramianView([4, -1, 1, -1, 2, -2, 1, -2, 3], tasks: [0, 1, 2]),
            weights,
            StepContexts.At(tasks: Tasks.Count)
        );
        return weights;
    }
}
