using Plait.Tabular.Features;
using Plait.Tabular.Models;
using Plait.Tabular.Tests.Models;
using Plait.Tasks;

namespace Plait.Tabular.Tests;

/// <summary>What classes count in the losses of their targets.</summary>
[Collection("torch")]
public sealed class ClassWeightTests : IDisposable
{
    private const string Text =
        "x,w,kind,up,y\n1,1,a,no,1\n2,1,a,no,2\n3,1,a,no,3\n4,2,b,yes,4\n5,1,c,no,5\n6,1,c,,6\n7,1,d,yes,7\n";

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Balanced_classes_count_by_the_inverse_of_their_share_of_the_training_rows()
    {
        // Of the first six rows, three are a, one b, two c and none d: 6 / 3 / 3, 6 / 3 / 1, 6 / 3 / 2.
        var targets = Fit(new TableOptions { Balance = true, Ignore = ["w"] });

        Assert.Equal([2f / 3, 2, 1, 1], targets[0].ClassWeights!);
        Assert.Equal([5f / 8, 5f / 2], targets[1].ClassWeights!);
        Assert.Null(targets[2].ClassWeights);
        Assert.All(Fit(new TableOptions { Ignore = ["w"] }), target => Assert.Null(target.ClassWeights));
    }

    [Fact]
    public void Shares_are_those_of_the_rows_weights()
    {
        var targets = Fit(new TableOptions { Balance = true, Weights = ["w"] });

        Assert.Equal([7f / 9, 7f / 6, 7f / 6, 1], targets[0].ClassWeights!);
        Assert.Equal([6f / 8, 6f / 4], targets[1].ClassWeights!);
    }

    [Fact]
    public void Given_weights_take_the_place_of_balance_for_their_target()
    {
        var targets = Fit(
            new TableOptions
            {
                Balance = true,
                ClassWeights = ["kind:b=5", "kind: d = 0"],
                Ignore = ["w"],
            }
        );

        Assert.Equal([1f, 5, 1, 0], targets[0].ClassWeights!);
        Assert.Equal([5f / 8, 5f / 2], targets[1].ClassWeights!);
    }

    [Fact]
    public void Losses_count_them()
    {
        using var scope = torch.NewDisposeScope();
        var data = Read(new TableOptions { ClassWeights = ["kind:b=5", "up:yes=3", "up:no=0.5"], Ignore = ["w"] });
        var tasks = Preprocessing.Fit(data, [0, 1, 2, 3, 4, 5]).CreateTasks();
        var kinds = TaskTarget.Of(torch.tensor(new[] { 0L, 1 }));
        var logits = torch.tensor(
            new[,]
            {
                { 0f, 0, 0, 0 },
                { 0, 1, 0, 0 },
            }
        );
        var (first, second) = (Math.Log(4), Math.Log(3 + Math.E) - 1);

        Assert.Equal((first + (5 * second)) / 6, tasks[0].Loss.Compute(logits, kinds).item<float>(), 1e-5);
        // Six times as much as a negative, and a mean over the weights.
        var answer = TaskTarget.Of(torch.tensor(new[] { 1f, 0 }));
        var (positive, negative) = (Math.Log(1 + Math.Exp(-1)), Math.Log(1 + Math.E));
        Assert.Equal(
            ((3 * positive) + (0.5 * negative)) / 3.5,
            tasks[1].Loss.Compute(torch.ones(2, 1), answer).item<float>(),
            1e-5
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(19)]
    public void Balance_gives_a_binary_target_the_loss_of_a_classification_of_two_classes(int positives)
    {
        using var scope = torch.NewDisposeScope();
        var text =
            "x,yes,two\n"
            + string.Concat(Enumerable.Range(0, 20).Select(row => $"{row},{(row < positives ? "b,b" : "a,a")}\n"));
        var data = TabularData.Read(
            new StringReader(text),
            Tables.Infer(text, new TableOptions { Balance = true }, "yes:binary", "two:classification")
        );
        var tasks = Preprocessing.Fit(data, [.. Enumerable.Range(0, 20).Select(row => (long)row)]).CreateTasks();
        var labels = torch.arange(20).lt(positives);
        var logits = torch.linspace(-2, 3, 20).unsqueeze(1);

        Assert.Equal(Math.Log(2), OfBinary(torch.zeros(20, 1)), 1e-5);
        Assert.Equal(
            tasks[1]
                .Loss.Compute(
                    torch.cat([torch.zeros(20, 1), logits], 1),
                    TaskTarget.Of(labels.to(torch.ScalarType.Int64))
                )
                .item<float>(),
            OfBinary(logits),
            1e-5
        );

        float OfBinary(torch.Tensor output) =>
            tasks[0].Loss.Compute(output, TaskTarget.Of(labels.to(torch.ScalarType.Float32))).item<float>();
    }

    [Theory]
    [InlineData("kind:b", "ends in no weight, which is 0, or from 1e-12 to 1e12", "churn:yes=5")]
    [InlineData("kind:b=-1", "ends in no weight, which is 0, or from 1e-12 to 1e12")]
    [InlineData("kind:b=much", "ends in no weight, which is 0, or from 1e-12 to 1e12")]
    [InlineData("kind:b=1e38", "ends in no weight")]
    [InlineData("colour:b=1", "names no target", "kind, up, y")]
    [InlineData("b=1", "names no target")]
    [InlineData("y:b=1", "'y', a regression target, which has no classes")]
    [InlineData("kind:something=1", "'something' is no class of target 'kind'", "a, b, c, d")]
    [InlineData("up:yess=1", "did you mean 'yes'?")]
    [InlineData("up:yes=0", "both classes of a binary target need a weight above 0")]
    public void Weights_of_no_class_are_refused(string weight, params string[] fragments)
    {
        var error = Tables.Fails(() => Read(new TableOptions { ClassWeights = [weight] }));

        Assert.All(fragments, fragment => Assert.Contains(fragment, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_weights_of_a_class_and_none_above_0_are_refused()
    {
        Says("has two weights", "kind:b=1", "kind:b=2");
        Says("some of its classes need a weight above 0", "kind:a=0", "kind:b=0", "kind:c=0", "kind:d=0");

        static void Says(string expected, params string[] weights) =>
            Assert.Contains(
                expected,
                Tables.Fails(() => Read(new TableOptions { ClassWeights = weights })).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void A_saved_model_remembers_them()
    {
        var job = ThreeTargets.Job(folder.Write("data.csv", ThreeTargets.Csv(200)), folder.File("model")) with
        {
            Options = new() { Balance = true, ClassWeights = ["up:yes=5"] },
        };
        using var trained = ThreeTargets.Train(job);
        using var loaded = TabularModel.Load(folder.File("model"));

        Assert.Equal([1f, 5], loaded.Preprocessing.Targets[1].ClassWeights!);
        Assert.Equal(trained.Preprocessing.Targets[2].ClassWeights!, loaded.Preprocessing.Targets[2].ClassWeights!);
        Assert.Equal(3, loaded.Preprocessing.Targets[2].ClassWeights!.Distinct().Count());
    }

    [Fact]
    public void Balance_says_yes_where_a_rare_class_is_likelier_than_elsewhere()
    {
        // Of every ten rows at x = 1 three are positive, and none of those at x = 0: no row is likelier positive than not.
        var rows = Enumerable
            .Range(0, 600)
            .Select(row => $"{row % 2},{(row % 2 == 1 && row % 20 < 6 ? "yes" : "no")}\n");
        var table = folder.Write("rare.csv", "x,rare\n" + string.Concat(rows));

        Assert.Equal(0, F1(new TableOptions()));
        Assert.InRange(F1(new TableOptions { Balance = true }), 0.3, 1); // precision .3 and recall 1 make .46

        double F1(TableOptions options)
        {
            using var model = ThreeTargets.Train(
                ThreeTargets.Job(table) with
                {
                    Targets = Tables.Targets("rare:binary"),
                    Options = options,
                }
            );
            return model.Test!.Targets[0].Metrics["f1"]!.Value;
        }
    }

    public void Dispose() => folder.Dispose();

    private static TabularData Read(TableOptions options) =>
        TabularData.Read(
            new StringReader(Text),
            Tables.Infer(Text, options, "kind:classification", "up:binary", "y:regression")
        );

    private static IReadOnlyList<TargetEncoding> Fit(TableOptions options) =>
        Preprocessing.Fit(Read(options), [0, 1, 2, 3, 4, 5]).Targets;
}
