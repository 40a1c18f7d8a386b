using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Numerics;
using Plait.Optimization.InstanceWise;
using Plait.Relationships.Embedding;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;
using Plait.Tests.Data;
using Plait.Torch;
using static TorchSharp.torch.nn;

namespace Plait.Relationships.Tests.Embedding;

[Collection("torch")]
public sealed class Task2VecTests
{
    private const int Rows = 300;

    [Fact]
    public void Information_of_a_logistic_regression_is_that_of_the_formula()
    {
        using var scope = torch.NewDisposeScope();
        using var probe = new OneLayer(4, 3);
        using var data = Make(LearningTask.Binary("t"), x => x.select(1, 0).add(x.select(1, 1)).gt(0.3));
        var head = Fit(probe, data);
        var (input, features) = (data.Input, probe.Features(data.Input).detach());
        var beliefs = head.Of(features).sigmoid(); // [rows, 1]
        var slopes = head.Of(torch.eye(3)) - head.Of(torch.zeros(1, 3)); // [units, 1]: what each feature adds to the logit
        var expected = beliefs
            .mul(1 - beliefs)
            .mul(slopes.t().square())
            .mul(input.square().mean([1L], keepdim: true))
            .mean([0L]);

        var exact = new Task2Vec(FisherEstimate.Exact).Embed(probe, data)[0];
        var drawn = new Task2Vec(draws: 300).Embed(probe, data)[0];

        AssertNear(Numbers.Read(expected), exact.Information, 1e-4);
        AssertNear(exact.Information, drawn.Information, 0.05);
    }

    [Fact]
    public void Information_of_a_linear_regression_is_slope_over_spread()
    {
        using var scope = torch.NewDisposeScope();
        using var probe = new OneLayer(4, 3);
        using var data = Make(LearningTask.Regression("t"), x => x.select(1, 0).sub(x.select(1, 2).square()));
        var head = Fit(probe, data);
        var residual = data.TargetOf(0).Values - head.Of(probe.Features(data.Input)).squeeze(1);
        var slopes = head.Of(torch.eye(3)) - head.Of(torch.zeros(1, 3));
        var expected = slopes.squeeze(1).square().mul(data.Input.square().mean()).div(residual.square().mean());

        var exact = new Task2Vec(FisherEstimate.Exact).Embed(probe, data)[0];
        var drawn = new Task2Vec(draws: 300).Embed(probe, data)[0];

        AssertNear(Numbers.Read(expected), exact.Information, 1e-4);
        AssertNear(exact.Information, drawn.Information, 0.05);
    }

    [Fact]
    public void Drawn_labels_agree_with_all_labels_by_their_probability()
    {
        torch.manual_seed(5);
        using var probe = new Mlp(4, [6, 5]);
        using var data = Classes();

        var exact = new Task2Vec(FisherEstimate.Exact, weightDecay: 0.03).Embed(probe, data)[0];
        var drawn = new Task2Vec(draws: 300, weightDecay: 0.03).Embed(probe, data)[0];

        Assert.Equal(11, exact.Information.Count);
        AssertNear(exact.Information, drawn.Information, 0.05);
    }

    [Theory]
    [InlineData("ordinal")]
    [InlineData("count")]
    public void Levels_and_counts_are_embedded_by_their_own_likelihood(string kind)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        using var probe = new Mlp(4, [6, 5]);
        using var generator = new torch.Generator(13, torch.CPU);
        var input = torch.randn([Rows, 4], generator: generator);
        var noisy = input.select(1, 0) + (0.5 * torch.randn([Rows], generator: generator));
        var levels = noisy.unsqueeze(1).gt(torch.tensor(new[] { -0.5f, 0.5f })).sum(1L);
        var task = kind == "ordinal" ? LearningTask.Ordinal("t", 3) : LearningTask.Count("t");
        var labels = kind == "ordinal" ? levels : levels.to(ScalarType.Float32);
        using var data = TensorData.Shared(new TaskSet(task), input, [TaskTarget.Of(labels)]);

        var exact = new Task2Vec(FisherEstimate.Exact, weightDecay: 0.03).Embed(probe, data)[0];
        var drawn = new Task2Vec(draws: 300, weightDecay: 0.03).Embed(probe, data)[0];
        var borne = new Task2Vec(FisherEstimate.Variational, weightDecay: 0.03, steps: 20).Embed(probe, data)[0];

        AssertNear(exact.Information, drawn.Information, 0.05);
        Assert.All(borne.Information, number => Assert.True(double.IsFinite(number)));
    }

    [Fact]
    public void Noise_that_a_trained_probe_bears_ranks_its_units_as_drawn_labels_do()
    {
        using var planted = PlantedFamilies.Make(seed: 4, families: 2, tasksEach: 1, rows: 512);
        using var probe = planted.TrainTogether(seed: 4);

        var drawn = new Task2Vec(draws: 20).Embed(probe, planted.Data);
        var borne = new Task2Vec(FisherEstimate.Variational).Embed(probe, planted.Data);

        foreach (var (expected, found) in drawn.Zip(borne))
        {
            var ranks = Ranks.Spearman([.. expected.Information], [.. found.Information]);
            Assert.True(ranks > 0.9, $"{expected.Task}: {ranks}");
            Assert.InRange(found.Norm / expected.Norm, 0.75, 2);
            AssertNear(expected.Prior, found.Prior, 1e-6);
        }
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("convolutions")]
    public void All_rows_at_once_give_what_each_row_gives_alone(string name)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(6);
        using Encoder probe = name == "mlp" ? new Mlp(5, [6, 4]) : new LeNet([1, 16, 16]);
        probe.to(ScalarType.Float64);
        var input = torch.randn(name == "mlp" ? [7, 5] : [4, 1, 16, 16], ScalarType.Float64);
        using var listener = new InstanceGradients(probe);
        var losses = probe.Features(input).square().sum([1L]);

        var together = listener.Squares(losses);
        var alone = MonteCarloFisher.RowByRow(probe, losses);

        Assert.Equal(alone.Length, together.Length);
        foreach (var (expected, found) in alone.Zip(together))
        {
            AssertNear(expected, found, 1e-9);
        }
    }

    [Fact]
    public void A_probe_with_batch_normalisation_is_looked_at_row_by_row_and_left_as_it_was()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(7);
        using var probe = new HardSharing(
            new TaskSet(LearningTask.Binary("any")),
            new ResNet18([1, 8, 8], ResNetStem.Cifar, width: 2)
        );
        var before = probe.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        using var data = TensorData.Shared(
            new TaskSet(LearningTask.Binary("t")),
            torch.rand(6, 1, 8, 8),
            [TaskTarget.Of(torch.tensor(new float[] { 0, 1, 0, 1, 1, 0 }))]
        );

        var found = new Task2Vec().Embed(probe, data)[0];

        Assert.True(probe.training);
        Assert.All(probe.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.All(
            probe.state_dict(),
            pair =>
                Assert.Equal(
                    Numbers.Read(before[pair.Key].to(ScalarType.Float32)),
                    Numbers.Read(pair.Value.to(ScalarType.Float32))
                )
        );
        Assert.All(found.Information, number => Assert.True(double.IsFinite(number) && number >= 0));
        Assert.True(found.Norm > 0);
    }

    [Theory]
    [InlineData(FisherEstimate.MonteCarlo)]
    [InlineData(FisherEstimate.Exact)]
    [InlineData(FisherEstimate.Variational)]
    public void Rows_without_a_label_count_for_nothing(FisherEstimate estimate)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(8);
        using var probe = new Mlp(4, [5]);
        var tasks = new TaskSet(LearningTask.Regression("one"), LearningTask.Regression("two", width: 2));
        var input = torch.randn(40, 4);
        var one = input.select(1, 0) * input.select(1, 1);
        var two = torch.stack([one, input.select(1, 2)], 1);
        one.narrow(0, 0, 10).fill_(double.NaN);
        two.select(1, 0).narrow(0, 0, 10).fill_(double.NaN);
        two.select(1, 1).narrow(0, 0, 5).fill_(double.NaN);
        TaskTarget[] targets = [TaskTarget.FromRaw(one), TaskTarget.FromRaw(two)];
        using var data = TensorData.Shared(tasks, input, targets);
        using var labelled = TensorData.Shared(
            new TaskSet(tasks[0]),
            input.narrow(0, 10, 30),
            [TaskTarget.Of(one.narrow(0, 10, 30))]
        );
        var method = new Task2Vec(estimate, steps: 20);

        var found = method.Embed(probe, data);

        Assert.Equal(method.Embed(probe, labelled)[0].Information, found[0].Information);
        Assert.All(found[1].Information, number => Assert.True(double.IsFinite(number)));
    }

    [Fact]
    public void A_task_without_labels_and_one_of_maps_are_refused_by_name()
    {
        using var scope = torch.NewDisposeScope();
        using var probe = new Mlp(4, [5]);
        using var empty = TensorData.Shared(
            new TaskSet(LearningTask.Regression("none")),
            torch.randn(3, 4),
            [TaskTarget.FromRaw(torch.full(3, float.NaN))]
        );
        Assert.Contains(
            "'none'",
            Assert.Throws<ArgumentException>(() => new Task2Vec().Embed(probe, empty)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_kind_without_a_likelihood_is_refused_by_name_in_one_line()
    {
        var tasks = new TaskSet(LearningTask.Binary("sold"), new LearningTask("rank", new Place()));

        var fault = Assert.Throws<NotSupportedException>(() => Task2Vec.Require(tasks));

        Assert.Contains("task 'rank', a place", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Task2Vec.Require(new TaskSet(LearningTask.Binary("sold")));
    }

    [Fact]
    public void Tokens_and_answers_of_steps_are_refused()
    {
        using var data = SmallSentences.Data(8);
        using var vectors = TensorData.Shared(
            new TaskSet(LearningTask.Regression("size")),
            torch.zeros(8, 6),
            [TaskTarget.Of(torch.zeros(8))]
        );
        var tokens = new TokenInput(SmallSentences.Vocabulary, SmallSentences.Longest);
        using var network = new HardSharing(SmallSentences.Tasks, new TokenConvolutions(tokens, width: 12, layers: 1));

        var refused = Assert.Throws<NotSupportedException>(() => new Task2Vec().Embed(network, data));

        Assert.Contains("TokenConvolutions reads tokens", refused.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() =>
            new Task2Vec().Embed(new BagOfEmbeddings(new TokenInput(9, 4)), vectors)
        );
    }

    [Fact]
    public void The_head_of_squared_errors_is_the_ridge_regression()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(9);
        const double Decay = 0.1;
        var features = torch.randn(50, 3, ScalarType.Float64);
        features = features.sub(features.mean([0L])).div(features.std(0, unbiased: false));
        var labels = features.select(1, 0).mul(3).add(torch.randn(50, ScalarType.Float64)).add(1);
        // 2/n X'(Xw - y) + decay w = 0
        var left = features.t().mm(features).mul(2.0 / 50).add(torch.eye(3, dtype: ScalarType.Float64), Decay);
        var expected = torch.linalg.solve(left, features.t().mv(labels).mul(2.0 / 50));

        var head = LinearHead.Fit(LearningTask.Regression("t"), features, TaskTarget.Of(labels), Decay);

        var outputs = features.mv(expected).add(labels.mean());
        AssertNear(Numbers.Read(outputs), Numbers.Read(head.Of(features)), 1e-6);
    }

    private static void AssertNear(IReadOnlyList<double> expected, IReadOnlyList<double> found, double tolerance)
    {
        Assert.Equal(expected.Count, found.Count);
        var scale = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, tolerance * scale));
    }

    private static LinearHead Fit(Encoder probe, TensorData data) =>
        LinearHead.Fit(
            data.Tasks[0],
            probe.Features(data.Input).detach().to(ScalarType.Float64),
            data.TargetOf(0),
            weightDecay: 1e-4
        );

    private static TensorData Make(LearningTask task, Func<Tensor, Tensor> label)
    {
        using var generator = new torch.Generator(11, torch.CPU);
        var input = torch.randn([Rows, 4], generator: generator);
        var noisy = input + (0.5 * torch.randn([Rows, 4], generator: generator));
        return TensorData.Shared(new TaskSet(task), input, [TaskTarget.Of(label(noisy).to(ScalarType.Float32))]);
    }

    private static TensorData Classes()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(12, torch.CPU);
        var input = torch.randn([Rows, 4], generator: generator);
        var noisy = input.narrow(1, 0, 3) + torch.randn([Rows, 3], generator: generator);
        return TensorData.Shared(
            new TaskSet(LearningTask.Classification("t", 3)),
            input,
            [TaskTarget.Of(noisy.argmax(1))]
        );
    }

    /// <summary>One linear layer and nothing else, so that a linear head on it is a linear model.</summary>
    private sealed class OneLayer(long inputs, long units)
        : Encoder(nameof(OneLayer), [inputs], (Linear(inputs, units), [units]))
    {
        protected override Encoder Another() => new OneLayer(InputShape[0], OutputShape[0]);
    }

    /// <summary>As a package of somebody else might bring: it decides, and says nothing of how sure it is.</summary>
    private sealed class Place() : Answer(1, Layout.Row)
    {
        public override string Kind => "place";

        public override OutputMeaning Meaning => OutputMeaning.Numbers;

        public override bool IsNumeric => true;

        public override IReadOnlyList<Metric> DefaultMetrics => [new MeanAbsoluteError()];

        public override TaskLoss DefaultLoss(IReadOnlyList<float>? classWeights = null) => new AbsoluteError();

        public override Tensor Decide(Tensor output) => output.round();

        public override Tensor Guess(TaskTarget training, IReadOnlyList<float>? classWeights = null) =>
            torch.zeros(1, 1);
    }
}
