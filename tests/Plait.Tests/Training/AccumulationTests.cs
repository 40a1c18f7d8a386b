using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.LossWeighting;
using Plait.Optimization.MultiObjective;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tests.Training.Matrix;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Training;

[Collection("torch")]
public sealed class AccumulationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batches_that_are_accumulated_move_the_parameters_as_one_of_all_their_rows(bool looksInside)
    {
        var small = await Train(batchSize: 8, accumulated: 4, looksInside);
        var large = await Train(batchSize: 32, accumulated: 1, looksInside);

        Assert.All(small.Zip(large), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    [Fact]
    public async Task A_look_at_the_representation_of_several_batches_is_refused()
    {
        using var data = SmallRuns.Data(32);
        using var network = SmallRuns.Network();
        var recipe = new Recipe { Aggregator = new GradDrop(), AccumulatedBatches = 2 };

        var fault = await Assert.ThrowsAsync<NotSupportedException>(() =>
            new Trainer(network, recipe).FitAsync(data.Batches(8), cancel: TestContext.Current.CancellationToken)
        );

        Assert.Contains("graddrop:at=parameters", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_with_rows_of_their_own_accumulate_as_one_batch_of_theirs()
    {
        using var scope = torch.NewDisposeScope();
        var parts = Enumerable.Range(0, 3).Select(task => SmallRuns.Data(32, seed: task)).ToArray();
        using var data = TensorData.PerTask(
            SmallRuns.Tasks,
            [.. parts.Select(part => part.Input)],
            [.. parts.Select((part, task) => part.TargetOf(task))]
        );

        AssertClose(Values(data, batchSize: 16, accumulated: 1), Values(data, batchSize: 4, accumulated: 4));
    }

    [Fact]
    public void Class_weights_count_over_all_rows_of_a_step_and_of_an_evaluation()
    {
        using var scope = torch.NewDisposeScope();
        var plain = LearningTask.Classification("other", 3);
        var tasks = new TaskSet(
            LearningTask.Classification("kind", 3, classWeights: [5, 1, 0.2f]),
            new LearningTask("other", plain.Answer, new CrossEntropy(ignoreIndex: 2), plain.Metrics)
        );
        var input = torch.randn([32, SmallRuns.Inputs]);
        var kinds = torch.randint(0, 3, [32], ScalarType.Int64);
        using var data = TensorData.Shared(tasks, input, [TaskTarget.Of(kinds), TaskTarget.Of(kinds)]);

        AssertClose(Values(data, batchSize: 32, accumulated: 1), Values(data, batchSize: 4, accumulated: 8));

        using var network = new HardSharing(tasks, new Mlp(SmallRuns.Inputs, [5]));
        using var whole = data.Batches(32);
        using var parts = data.Batches(5);
        AssertClose(Evaluator.Evaluate(network, whole).Losses, Evaluator.Evaluate(network, parts).Losses);
    }

    [Fact]
    public void The_last_step_of_an_epoch_takes_the_batches_that_are_left()
    {
        using var data = SmallRuns.Data(40);

        AssertClose(Values(data, batchSize: 8, accumulated: 5), Values(data, batchSize: 8, accumulated: 1000));
        AssertClose(Values(data, batchSize: 20, accumulated: 2), Values(data, batchSize: 8, accumulated: 7));
    }

    [Fact]
    public void A_task_whose_labels_begin_in_a_later_batch_and_a_last_batch_of_few_rows_count_as_in_one_batch()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Regression("all"), LearningTask.Regression("late"));
        var input = torch.randn([26, SmallRuns.Inputs]);
        var labelled = torch.arange(26).ge(8).to(ScalarType.Float32);
        var numbers = torch.randn([26]);
        using var data = TensorData.Shared(
            tasks,
            input,
            [TaskTarget.Of(numbers), TaskTarget.FromRaw(numbers, labelled)]
        );

        AssertClose(
            Values(data, batchSize: 26, accumulated: 1, new RowScale()),
            Values(data, batchSize: 8, accumulated: 4, new RowScale())
        );
    }

    [Theory]
    [InlineData("adversarial-gradients")]
    [InlineData("amtfl")]
    public void Famo_sees_the_same_terms_before_and_after_a_step(string term)
    {
        using var data = SmallRuns.Data(32);
        using var network = SmallRuns.Network(dropout: 0);
        var famo = new Famo();
        var recipe = new Recipe
        {
            Weighting = famo,
            Auxiliaries = [MethodCatalog.Create<AuxiliaryLoss>(term)],
            Optimizer = new SgdOptimizer(1e-30), // moves no parameter, so no loss falls
            Epochs = 3,
        };
        using var train = data.Batches(32);

        new Trainer(network, recipe).Fit(train);

        var state = new StateDictionary();
        famo.Save(state);
        Assert.All(state.Numbers("logits"), logit => Assert.Equal(0, logit));
    }

    private static double[] Values(TensorData data, int batchSize, int accumulated, AuxiliaryLoss? term = null)
    {
        torch.manual_seed(3);
        using var network = new HardSharing(data.Tasks, new Mlp(SmallRuns.Inputs, [5]));
        var recipe = new Recipe
        {
            Auxiliaries = term is null ? [] : [term],
            Optimizer = new SgdOptimizer(0.05),
            AccumulatedBatches = accumulated,
            Epochs = 2,
        };
        using var train = data.Batches(batchSize);
        new Trainer(network, recipe).Fit(train);
        return [.. network.parameters().SelectMany(Numbers.Read)];
    }

    private static void AssertClose(IEnumerable<double> expected, IEnumerable<double> found) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

    private static async Task<double[]> Train(int batchSize, int accumulated, bool looksInside)
    {
        using var data = SmallRuns.Data(128);
        using var network = SmallRuns.Network(dropout: 0);
        var recipe = new Recipe
        {
            Aggregator = looksInside ? new Mgda() : new Sum(),
            Optimizer = new SgdOptimizer(0.05),
            AccumulatedBatches = accumulated,
            Epochs = 2,
        };
        await new Trainer(network, recipe).FitAsync(
            data.Batches(batchSize),
            cancel: TestContext.Current.CancellationToken
        );
        return [.. network.parameters().SelectMany(Numbers.Read)];
    }
}
