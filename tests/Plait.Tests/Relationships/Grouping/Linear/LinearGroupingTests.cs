using Plait.Catalogue;
using Plait.Data;
using Plait.Relationships;
using Plait.Relationships.Grouping.Linear;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Relationships.Grouping.Linear;

/// <summary>Groups that linear models of a data set show.</summary>
[Collection("torch")]
public sealed class LinearGroupingTests
{
    private const int Features = 8;
    private const int Families = 3;

    [Theory]
    [InlineData("go-mtl", 1)]
    [InlineData("go-mtl", 2)]
    [InlineData("go-mtl", 3)]
    [InlineData("clustered", 1)]
    [InlineData("clustered", 2)]
    [InlineData("clustered", 3)]
    public void Families_of_a_table_are_found(string method, int seed)
    {
        using var train = Table(seed, rows: 80);
        using var validation = Table(seed, rows: 400, part: 1);

        var found = Method(method).Learn(train, validation, Families);

        var serving = train.Tasks.Select(task => found.Grouping.Serving[task.Name]).ToArray();
        Assert.Equal(
            1,
            AdjustedRandIndex.Of(serving[..^1], [.. serving[..^1].Select((_, task) => task % Families)]),
            1e-9
        );
        Assert.Contains(serving[^1], new[] { serving[0], serving[1] });
        Assert.InRange(found.Similarity![0, 3], 0.9, 1); // of opposite signs
        Assert.Equal(
            found.Losses.Zip(found.LossesAlone, (loss, alone) => loss / alone).Sum(),
            found.Grouping.Total,
            1e-9
        );
    }

    [Fact]
    public void Multiples_of_the_one_latent_task_that_is_left_are_not_passed_off_as_tasks_that_are_alike()
    {
        using var train = Table(seed: 1, rows: 80);
        using var validation = Table(seed: 1, rows: 400, part: 1);

        Assert.Null(Method("go-mtl").Learn(train, validation, groups: 1).Similarity);
        Assert.NotNull(Method("clustered").Learn(train, validation, groups: 1).Similarity);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Latent_tasks_tell_new_rows_better_than_models_alone_and_one_subspace_do(int seed)
    {
        using var train = Table(seed, rows: 80);
        using var validation = Table(seed, rows: 400, part: 1);

        var found = Method("go-mtl").Learn(train, validation, Families);

        Assert.True(found.Grouping.Total < train.Tasks.Count, $"{found.Grouping.Total}");
        Assert.True(found.Losses.Average() < found.LossesTogether.Average(), $"{found.LossesTogether.Average()}");
    }

    [Fact]
    public void A_task_made_of_two_latent_ones_is_trained_with_both_groups()
    {
        using var train = Table(seed: 1, rows: 200);
        using var validation = Table(seed: 1, rows: 400, part: 1);

        var found = Method("go-mtl").Learn(train, validation, Families);

        var with = found.Grouping.Groups.Where(group => group.Tasks.Contains("mixed")).ToArray();
        Assert.Equal(["t0", "t1"], with.Select(group => group.Tasks[0]).Order());
        Assert.All(found.Parts, parts => Assert.Equal(1, parts.Sum(), 1e-9));
        Assert.Equal(2, found.Parts[^1].Count(part => part > 0.3));
        var apart = Method("go-mtl:share=1").Learn(train, validation, Families).Grouping;
        Assert.Equal(train.Tasks.Count, apart.Groups.Sum(group => group.Tasks.Count));
    }

    [Fact]
    public void Units_of_features_and_targets_do_not_matter()
    {
        using var train = Table(seed: 2, rows: 100);
        using var validation = Table(seed: 2, rows: 100, part: 1);
        using var scaledTrain = Table(seed: 2, rows: 100, inputScale: 1000, targetScale: -0.01f);
        using var scaledValidation = Table(seed: 2, rows: 100, part: 1, inputScale: 1000, targetScale: -0.01f);

        var plain = Method("go-mtl").Learn(train, validation, Families);
        var scaled = Method("go-mtl").Learn(scaledTrain, scaledValidation, Families);

        Assert.Equal(plain.Strength, scaled.Strength);
        Assert.All(plain.Losses.Zip(scaled.Losses), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }

    [Fact]
    public void A_row_of_weight_2_counts_as_two_and_one_without_a_target_not_at_all()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        var input = torch.randn(60, Features);
        var tasks = new TaskSet(LearningTask.Regression("a"), LearningTask.Regression("b"));
        var a = input.select(1, 0) + (0.5 * torch.randn(60));
        var b = input.select(1, 1) + (0.5 * torch.randn(60));
        var weights = torch.cat([torch.full(20, 2f), torch.ones(30), torch.zeros(10)]);
        var weighted = Data(input, weights, a, b);
        var index = torch.cat([torch.arange(20), torch.arange(50)]);
        var written = Data(
            input.index_select(0, index),
            torch.ones(70),
            a.index_select(0, index),
            b.index_select(0, index)
        );
        var validation = Data(torch.randn(50, Features), torch.ones(50), torch.randn(50), torch.randn(50));

        var one = LinearRows.Of(weighted, validation, 1000).Training;
        var two = LinearRows.Of(written, validation, 1000).Training;

        for (var task = 0; task < 2; task++)
        {
            Assert.Equal(Explained(one[task]), Explained(two[task]), 1e-6); // whatever the directions are
            Assert.Equal(1, one[task].Targets.ToArray().Average(y => y * y), 1e-6);
        }

        TensorData Data(Tensor rows, Tensor counts, Tensor first, Tensor second) =>
            TensorData.Shared(
                tasks,
                rows,
                [TaskTarget.FromRaw(first).Weighted(counts), TaskTarget.FromRaw(second).Weighted(counts)]
            );

        static double Explained(LinearTaskData data) => 1 - IndependentRidge.Fit([data], 1e-9).MeanLoss(0, data);
    }

    [Fact]
    public void Tasks_of_which_nothing_is_told_stand_together()
    {
        using var train = Table(seed: 3, rows: 60);
        using var validation = Table(seed: 3, rows: 60, part: 1);

        var found = Method("go-mtl:strength=1000").Learn(train, validation, Families);

        Assert.Equal(train.Tasks.Select(task => task.Name), found.Unrelated);
        Assert.Equal(train.Tasks.Select(task => task.Name), Assert.Single(found.Grouping.Groups).Tasks);
        Assert.All(found.Parts, parts => Assert.Equal([0], parts));
    }

    [Fact]
    public void What_linear_models_cannot_learn_is_refused_with_the_reason()
    {
        using var scope = torch.NewDisposeScope();
        var images = Of(LearningTask.Regression("a"), torch.randn(4, 3, 8, 8), torch.randn(4));
        var classes = Of(LearningTask.Classification("a", 3), torch.randn(4, 2), torch.tensor([0L, 1, 2, 0]));
        var constant = Of(LearningTask.Regression("a"), torch.randn(4, 2), torch.ones(4));
        var still = Of(LearningTask.Regression("a"), torch.ones(4, 2), torch.randn(4));
        var missing = Of(LearningTask.Regression("a"), torch.randn(4, 2), torch.full(4, float.NaN));

        Refuses<NotSupportedException>(images, "these are images");
        Refuses<NotSupportedException>(classes, "'a' has 3 outputs");
        Refuses<ArgumentException>(constant, "same target");
        Refuses<ArgumentException>(still, "No feature differs");
        Refuses<ArgumentException>(missing, "no target");
        Assert.ThrowsAny<ArgumentException>(() => new GoMtlGrouping(share: 0));
        Assert.ThrowsAny<ArgumentException>(() => new GoMtlGrouping(strength: 0));
        Assert.ThrowsAny<ArgumentException>(() => new ClusteredGrouping(starts: 0));
        Assert.ThrowsAny<ArgumentException>(() => new ClusteredGrouping(rows: 1));

        static TensorData Of(LearningTask task, Tensor input, Tensor target) =>
            TensorData.Shared(new TaskSet(task), input, [TaskTarget.FromRaw(target)]);

        static void Refuses<T>(TensorData data, string why)
            where T : Exception =>
            Assert.Contains(why, Assert.Throws<T>(() => Method("go-mtl").Learn(data, data, 1)).Message);
    }

    private static LinearGrouping Method(string specification) => MethodCatalog.Create<LinearGrouping>(specification);

    /// <summary>Nine tasks of three families, of either sign, and one that is made of the first two.</summary>
    private static TensorData Table(int seed, int rows, int part = 0, float inputScale = 1, float targetScale = 1)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(seed);
        var directions = torch.linalg.qr(torch.randn(Features, Families)).Q;
        torch.manual_seed((seed * 10) + part);
        var input = torch.randn(rows, Features);
        var hidden = input.mm(directions);
        var names = Enumerable.Range(0, 3 * Families).Select(i => $"t{i}").ToArray();
        var targets = names
            .Select((_, i) => (i < Families ? 1 : -0.8) * hidden.select(1, i % Families))
            .Append(hidden.select(1, 0) + hidden.select(1, 1))
            .Select(values => TaskTarget.FromRaw(targetScale * (values + (0.7 * torch.randn(rows)))));
        var tasks = new TaskSet(names.Append("mixed").Select(name => LearningTask.Regression(name)));
        return TensorData.Shared(tasks, inputScale * input, [.. targets]);
    }
}
