using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Optimization.Scheduling;
using Plait.Tasks;
using Plait.Tests.Data;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>Trainings on data of which some tasks look at the same rows and another at rows of its own.</summary>
[Collection("torch")]
public sealed class MixedTrainingTests
{
    private static readonly TaskSet Tasks = MixedRows.Tasks;

    [Fact]
    public void Tasks_of_common_and_of_own_rows_are_learned_together()
    {
        using var data = MixedRows.Data(common: 400, own: 300);
        var (train, test) = Halves(data);
        using var network = Network();
        using var source = train.Batches(32, shuffleSeed: 1);
        using var judge = test.Batches(64);
        var before = Evaluator.Evaluate(network, judge).Losses;

        new Trainer(network, new Recipe { Epochs = 25, Optimizer = new AdamOptimizer(0.01) }).Fit(source);

        var after = Evaluator.Evaluate(network, judge).Losses;
        Assert.All(before.Zip(after), pair => Assert.InRange(pair.Second, 0, 0.3 * pair.First));
        train.Dispose();
        test.Dispose();
    }

    [Theory]
    [InlineData("joint", "sum")]
    [InlineData("round-robin", "pcgrad")]
    [InlineData("proportional", "moco")]
    public void A_training_that_was_stopped_goes_on_to_the_bit(string schedule, string aggregator)
    {
        using var data = MixedRows.Data();
        using var train = data.Batches(8, shuffleSeed: 1);

        Resumption.AssertSameBits(
            () =>
                new Recipe
                {
                    Epochs = 6,
                    Schedule = MethodCatalog.Create<TaskSchedule>(schedule),
                    Aggregator = MethodCatalog.Create<GradientAggregator>(aggregator),
                    Callbacks = [new LossSums()],
                },
            Network,
            train,
            validation: train
        );
    }

    [Fact]
    public void Rows_that_are_read_one_by_one_train_to_the_same_bits()
    {
        using var memory = MixedRows.Data();
        using var stored = MixedRows.Stored();

        Assert.Equal(Trained(memory), Trained(stored));

        static byte[] Trained(IDataSet data)
        {
            using var network = Network();
            using var source = data.Batches(8, shuffleSeed: 1);
            new Trainer(network, new Recipe { Epochs = 2 }).Fit(source, source);
            return SmallRuns.Bits(network);
        }
    }

    [Fact]
    public void Each_task_is_measured_on_the_rows_that_it_looks_at()
    {
        using var data = MixedRows.Data();
        using var network = Network();
        using var one = data.Batches(7);
        using var whole = data.Batches(100);

        var losses = Evaluator.Evaluate(network, one).Losses;

        Assert.All(
            losses.Zip(Evaluator.Evaluate(network, whole).Losses),
            pair => Assert.Equal(pair.First, pair.Second, 1e-5)
        );
        Assert.DoesNotContain(double.NaN, losses);
    }

    [Fact]
    public void Accumulated_batches_count_as_one_of_all_their_rows()
    {
        using var data = MixedRows.Data(common: 32, own: 32);

        Assert.All(
            Trained(batchSize: 8, accumulated: 4).Zip(Trained(batchSize: 32, accumulated: 1)),
            pair => Assert.Equal(pair.Second, pair.First, 1e-5)
        );

        double[] Trained(int batchSize, int accumulated)
        {
            using var network = Network();
            using var source = data.Batches(batchSize);
            new Trainer(network, new Recipe { Epochs = 3, AccumulatedBatches = accumulated }).Fit(source);
            return [.. network.parameters().SelectMany(parameter => Numbers.Read(parameter))];
        }
    }

    [Fact]
    public void A_step_moves_the_places_of_all_tasks_of_its_streams_and_draws_one_other_batch_a_stream()
    {
        using var scope = torch.NewDisposeScope();
        using var data = MixedRows.Data();
        using var source = data.Batches(4, shuffleSeed: 1);
        long[] places = [2, 2, 5, 2];

        using var own = StepBatches.Read(source, Tasks.Select(2), places, 2, torch.CPU);
        Assert.Equal([2L, 2, 7, 2], places);
        using var common = StepBatches.Read(source, Tasks.Select(1), places, 3, torch.CPU);
        Assert.Equal([5L, 5, 7, 5], places);
        using var both = StepBatches.Read(source, Tasks.All, places, 1, torch.CPU);
        Assert.Equal([6L, 6, 8, 6], places);

        var other = both.Others(0, new StepContext { Tasks = Tasks })[0];
        Assert.Equal(2, other.Groups.Count);
        Assert.NotEqual(SmallData.Numbers(other.InputOf(0)), SmallData.Numbers(both.Labelled[0].InputOf(0)));
    }

    [Fact]
    public void Gradients_at_one_representation_are_refused_in_one_line()
    {
        using var data = MixedRows.Data();
        using var network = Network();
        using var source = data.Batches(8);
        var recipe = new Recipe { Aggregator = new Mgda(GradientLocation.Representation) };

        var fault = Assert.Throws<NotSupportedException>(() => new Trainer(network, recipe).Fit(source));

        Assert.Contains("here some tasks bring their own", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void Rows_of_kinds_that_the_network_does_not_read_are_refused_before_anything_moves()
    {
        using var scope = torch.NewDisposeScope();
        using var data = TwoKinds();
        using var network = new HardSharing(data.Tasks, new Mlp(MixedRows.Width, [4]));
        using var source = data.Batches(4);
        var before = SmallRuns.Bits(network);

        var kinds = Assert.Throws<NotSupportedException>(() => data.InputSpec);
        var fault = Assert.Throws<ArgumentException>(() =>
            new Trainer(network, new Recipe { Schedule = MethodCatalog.Create<TaskSchedule>("round-robin") }).Fit(
                source
            )
        );

        Assert.Contains(
            "Task 'sum' looks at vectors of 5 numbers and task 'share' at tokens",
            kinds.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("Task 'share' brings rows", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, SmallRuns.Bits(network));
    }

    [Fact]
    public void Rows_of_several_kinds_train_a_network_that_reads_them()
    {
        using var scope = torch.NewDisposeScope();
        using var data = TwoKinds();
        using var network = new TwoEncoders(data.Tasks);
        using var source = data.Batches(4);

        var result = new Trainer(network, new Recipe { Epochs = 1 }).Fit(source);

        Assert.All(result.History[0].TrainingLosses, loss => Assert.True(double.IsFinite(loss)));
    }

    private static TensorData TwoKinds()
    {
        using var common = MixedRows.CommonAlone();
        var (words, share, _) = SmallTexts.Draw(12, 0, 0, 0);
        return TensorData.PerTask(
            new TaskSet(Tasks[0], SmallTexts.Tasks[0]),
            [common.BatchInputOf(0), words],
            [common.TargetOf(0), TaskTarget.Of(share)]
        );
    }

    private static (TensorData Train, TensorData Test) Halves(TensorData data)
    {
        var parts = data
            .Streams.FirstTasks.Select(task => Splits.Random(data.RowsOf(task), [0.7, 0.3], seed: 0))
            .ToArray();
        return (data.Subset([.. parts.Select(part => part[0])]), data.Subset([.. parts.Select(part => part[1])]));
    }

    private static MultiTaskNetwork Network()
    {
        torch.manual_seed(5);
        return new HardSharing(Tasks, new Mlp(MixedRows.Width, [12]));
    }

    /// <summary>A network of which the first task reads vectors and the second tokens.</summary>
    private sealed class TwoEncoders : MultiTaskNetwork
    {
        private readonly TorchSharp.Modules.Linear numbers = torch.nn.Linear(MixedRows.Width, 1);
        private readonly TorchSharp.Modules.Embedding words = torch.nn.Embedding(SmallTexts.Vocabulary, 1);

        public TwoEncoders(TaskSet tasks)
            : base(tasks, nameof(TwoEncoders)) => RegisterComponents();

        public override IEnumerable<TorchSharp.Modules.Parameter> SharedParameters => [];

        public override IEnumerable<TorchSharp.Modules.Parameter> ParametersOf(int task) =>
            task == 0 ? numbers.parameters() : words.parameters();

        protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
        {
            foreach (var task in tasks.Indices)
            {
                outputs[task] = task == 0 ? numbers.forward(input.Values) : words.forward(input.Values).mean([1L]);
            }
        }
    }
}
