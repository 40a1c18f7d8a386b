using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;

namespace Plait.Tests.Tasks.Losses;

/// <summary>Class weights of yes-or-no tasks against those of a classification of two classes.</summary>
[Collection("torch")]
public sealed class BinaryClassWeightTests
{
    private const int Rows = 100;

    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    [InlineData(95)]
    public void Balanced_classes_cost_what_they_cost_a_classification(int positives)
    {
        using var scope = torch.NewDisposeScope();
        float[] weights = [Rows / (2f * (Rows - positives)), Rows / (2f * positives)];
        var labels = Labels(positives);
        var zeros = torch.zeros(Rows, 1);
        var logits = torch.linspace(-3, 2, Rows).unsqueeze(1);

        // At zero logits as without weights, so that the task weighs as much against others.
        Assert.Equal(Math.Log(2), Of(weights, zeros, labels), 1e-6);
        Assert.Equal(OfTwoClasses(weights, zeros, labels), Of(weights, zeros, labels), 1e-6);
        Assert.Equal(OfTwoClasses(weights, logits, labels), Of(weights, logits, labels), 1e-6);
    }

    [Theory]
    [InlineData(5, 0.25f, 4)]
    [InlineData(50, 3, 1)]
    [InlineData(95, 1, 30)]
    public void It_does_not_matter_which_class_is_called_1(int positives, float negative, float positive)
    {
        using var scope = torch.NewDisposeScope();
        var labels = Labels(positives);
        var logits = torch.linspace(-3, 2, Rows).unsqueeze(1);

        Assert.Equal(
            Of([negative, positive], logits, labels),
            Of([positive, negative], logits.neg(), labels.neg().add(1)),
            1e-6
        );
    }

    [Fact]
    public void Rows_count_by_their_weight_and_missing_ones_not_at_all()
    {
        using var scope = torch.NewDisposeScope();
        float[] weights = [0.5f, 4];
        var labels = Labels(30);
        var logits = torch.linspace(-3, 2, Rows).unsqueeze(1);
        var present = torch.arange(Rows).remainder(3).ne(0).to(ScalarType.Float32);
        var ofRows = torch.linspace(0.1, 2, Rows);
        var binary = TaskTarget.Of(labels, present).Weighted(ofRows);
        var classes = TaskTarget.Of(labels.to(ScalarType.Int64), present).Weighted(ofRows);
        var (loss, expected) = (new BinaryCrossEntropy(weights), new CrossEntropy(weights));

        Assert.Equal(
            expected.Compute(TwoLogits(logits), classes).item<float>(),
            loss.Compute(logits, binary).item<float>(),
            1e-6
        );
        Assert.Equal(expected.WeightOf(classes), loss.WeightOf(binary), 1e-4);
        Assert.Equal(0, loss.Compute(logits, TaskTarget.Of(labels, torch.zeros(Rows))).item<float>());
    }

    [Fact]
    public void A_probability_counts_as_a_share_of_either_class()
    {
        using var scope = torch.NewDisposeScope();
        var logit = torch.tensor(new[] { 0.7f });
        var loss = new BinaryCrossEntropy([0.5f, 4]);

        var shared = loss.Compute(logit.view(1, 1), TaskTarget.Of(torch.tensor(new[] { 0.25f })));
        var apart = loss.Compute(logit.expand(4).unsqueeze(1), TaskTarget.Of(torch.tensor(new[] { 1f, 0, 0, 0 })));

        Assert.Equal(apart.item<float>(), shared.item<float>(), 1e-6);
    }

    [Fact]
    public void Weights_far_apart_are_finite()
    {
        using var scope = torch.NewDisposeScope();
        var zeros = torch.zeros(2, 1);

        Assert.All(
            new[] { new[] { 1e-12f, 1e12f }, [1e12f, 1e-12f] },
            weights =>
            {
                Assert.Equal(Math.Log(2), Of(weights, zeros, torch.ones(2)), 1e-6);
                Assert.Equal(Math.Log(2), Of(weights, zeros, torch.tensor(new[] { 0f, 1 })), 1e-6);
            }
        );
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(1f, 0f)]
    [InlineData(-1f, 1f)]
    [InlineData(1f, float.PositiveInfinity)]
    [InlineData(1f, float.NaN)]
    [InlineData(1f, 1f, 1f)]
    public void Other_weights_are_refused(params float[] weights) =>
        Assert.Contains(
            "two finite numbers above 0",
            Assert.Throws<ArgumentException>(() => LearningTask.Binary("sold", weights)).Message,
            StringComparison.Ordinal
        );

    private static float Of(float[] weights, Tensor logits, Tensor labels) =>
        new BinaryCrossEntropy(weights).Compute(logits, TaskTarget.Of(labels)).item<float>();

    private static float OfTwoClasses(float[] weights, Tensor logits, Tensor labels) =>
        new CrossEntropy(weights).Compute(TwoLogits(logits), TaskTarget.Of(labels.to(ScalarType.Int64))).item<float>();

    private static Tensor TwoLogits(Tensor logits) => torch.cat([torch.zeros_like(logits), logits], 1);

    private static Tensor Labels(int positives) => torch.arange(Rows).lt(positives).to(ScalarType.Float32);
}
