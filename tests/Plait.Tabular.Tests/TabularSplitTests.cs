using System.Globalization;
using Plait.Tabular.Features;

namespace Plait.Tabular.Tests;

public sealed class TabularSplitTests
{
    [Fact]
    public void Parts_hold_every_row_once_and_depend_on_the_seed_alone()
    {
        var data = Regression(200);

        var split = TabularSplit.Of(data, 0.2, 0.1, seed: 7);

        Assert.Equal([140, 40, 20], new[] { split.Training, split.Validation, split.Test }.Select(part => part.Length));
        Assert.Equal(
            Enumerable.Range(0, 200).Select(row => (long)row),
            split.Training.Concat(split.Validation).Concat(split.Test).Order()
        );
        Assert.Equal(split.Training, TabularSplit.Of(data, 0.2, 0.1, seed: 7).Training);
        Assert.NotEqual(split.Training, TabularSplit.Of(data, 0.2, 0.1, seed: 8).Training);
    }

    [Theory]
    [InlineData(0, 0, 100, 0, 0)]
    [InlineData(0, 0.25, 75, 0, 25)]
    [InlineData(0.25, 0, 75, 25, 0)]
    public void Part_without_a_share_is_empty(double validation, double test, int first, int second, int third)
    {
        var split = TabularSplit.Of(Regression(100), validation, test);

        Assert.Equal([first, second, third], [split.Training.Length, split.Validation.Length, split.Test.Length]);
    }

    [Fact]
    public void Rare_class_of_the_first_target_with_classes_is_in_every_part()
    {
        var rows = Enumerable.Range(0, 200).Select(i => $"{i},{i}.5,{(i % 20 == 0 ? "rare" : "often")}\n");
        var data = Tables.Read("x,amount,kind\n" + string.Concat(rows), "amount", "kind");

        var split = TabularSplit.Of(data, 0.2, 0.1, seed: 3);

        Assert.Equal(
            [7, 2, 1],
            new[] { split.Training, split.Validation, split.Test }.Select(part => part.Count(row => row % 20 == 0))
        );
    }

    [Fact]
    public void Rows_of_one_group_stay_together()
    {
        var text = "who,x,y\n" + string.Concat(Enumerable.Range(0, 120).Select(i => $"p{i % 30},{i},{i % 2}\n"));
        var schema = Tables.Infer(text, new TableOptions { GroupBy = "who" }, "y");

        var split = TabularSplit.Of(TabularData.Read(new StringReader(text), schema), 0.2, 0.2);

        long[][] groups =
        [
            .. new[] { split.Training, split.Validation, split.Test }.Select(part =>
                part.Select(row => row % 30).Distinct().ToArray()
            ),
        ];
        Assert.Equal(30, groups.Sum(part => part.Length));
        Assert.All(groups, Assert.NotEmpty);
    }

    [Fact]
    public void Too_few_rows_are_an_error()
    {
        var error = Tables.Fails(() => TabularSplit.Of(Regression(3), 0.05, 0.05));

        Tables.Says(error, null, null, "3 rows are too few for 3 parts of 90%, 5%, 5%");
    }

    [Fact]
    public void Split_fit_and_tensors_go_together()
    {
        var data = Regression(100);
        var split = TabularSplit.Of(data);
        var fitted = Preprocessing.Fit(data, split.Training);
        var tasks = fitted.CreateTasks();

        using var training = fitted.ToTensorData(data, split.Training, tasks);

        Assert.Equal([70L, 1], training.Input.shape);
        Assert.Equal(0, training.Input.mean().item<float>(), 1e-5f);
        Assert.Equal(1, training.TargetOf(0).Values.square().mean().item<float>(), 1e-4f);
        Assert.Same(tasks, training.Tasks);
    }

    private static TabularData Regression(int rows) =>
        Tables.Read(
            "x,y\n"
                + string.Concat(
                    Enumerable
                        .Range(0, rows)
                        .Select(i => string.Create(CultureInfo.InvariantCulture, $"{i * 37 % rows},{i * i * 0.5}\n"))
                ),
            "y:regression"
        );
}
