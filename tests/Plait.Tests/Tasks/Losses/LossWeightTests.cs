using Plait.Tasks;
using Plait.Tasks.Losses;

namespace Plait.Tests.Tasks.Losses;

/// <summary>The losses of parts of the rows, each times what it counts, add up to the loss of all rows.</summary>
public sealed class LossWeightTests
{
    private const int Rows = 11;
    private const int Channels = 3;

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var name in Losses.Keys)
            {
                cases.Add(name, true);
                cases.Add(name, false);
            }

            return cases;
        }
    }

    private static Dictionary<string, TaskLoss> Losses { get; } =
        new()
        {
            ["cross-entropy"] = new CrossEntropy(),
            ["cross-entropy of weighted classes"] = new CrossEntropy([5, 1, 0.2f], labelSmoothing: 0.1),
            ["cross-entropy with an ignored class"] = new CrossEntropy(ignoreIndex: 1),
            ["cross-entropy that ignores the first class"] = new CrossEntropy(ignoreIndex: 0),
            ["binary cross-entropy"] = new BinaryCrossEntropy(3),
            ["binary cross-entropy of weighted classes"] = new BinaryCrossEntropy([0.3f, 5]),
            ["balanced cross-entropy"] = new BalancedCrossEntropy(0.3),
            ["squared error"] = new SquaredError(),
            ["absolute error"] = new AbsoluteError(),
            ["huber"] = new Huber(),
            ["cosine distance"] = new CosineDistance(),
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Parts_add_up_to_the_whole(string name, bool complete)
    {
        using var scope = torch.NewDisposeScope();
        var loss = Losses[name];
        var (output, values) = Draw(loss);
        var present = complete ? null : Marks(values);
        var whole = loss.Compute(output, TaskTarget.Of(values, present)).ToDouble();
        var (sum, weights) = (0.0, 0.0);
        foreach (var (start, count) in new[] { (0L, 5L), (5L, 1L), (6L, 5L) })
        {
            var part = TaskTarget.Of(values.narrow(0, start, count), present?.narrow(0, start, count));
            var weight = loss.WeightOf(part);
            sum += weight == 0 ? 0 : weight * loss.Compute(output.narrow(0, start, count), part).ToDouble();
            weights += weight;
        }

        Assert.Equal(whole, sum / weights, 1e-6);
    }

    private static (Tensor Output, Tensor Values) Draw(TaskLoss loss)
    {
        if (loss is CrossEntropy)
        {
            return (torch.randn(Rows, Channels), torch.arange(Rows).remainder(Channels));
        }

        if (loss is CosineDistance)
        {
            var directions = torch.randn(Rows, Channels, 2, 2);
            directions[torch.TensorIndex.Slice(0, 4), torch.TensorIndex.Colon, 0] = 0; // no direction
            return (torch.randn(Rows, Channels, 2, 2), directions);
        }

        var output = torch.randn(Rows, 1);
        var values = torch.randn(Rows, 1);
        return (
            output,
            loss is BinaryCrossEntropy or BalancedCrossEntropy ? values.gt(0).to(ScalarType.Float32) : values
        );
    }

    /// <summary>The second part has none, and others miss one here and there.</summary>
    private static Tensor Marks(Tensor values)
    {
        var marks = torch.ones(values.shape);
        marks[1] = 0;
        marks[5] = 0;
        marks[8] = 0;
        return marks;
    }
}
