using Plait.Data;
using Plait.Networks;
using Plait.Optimization.LossWeighting;
using Plait.Optimization.Regularization;
using Plait.Tasks;
using Plait.Training;
using TorchSharp.Modules;

namespace Plait.Tests.Training;

/// <summary>Groups that learn from data apart: gates that choose one of two operations.</summary>
[Collection("torch")]
public sealed class SearchDescentTests
{
    private const double Rate = 0.1;

    private static readonly Recipe Plain = new()
    {
        Optimizer = new SgdOptimizer(Rate, momentum: 0),
        Epochs = 1,
        GradientRecordInterval = 0,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gates_find_the_operation_that_the_targets_are_made_by(bool sizes)
    {
        using var network = new TwoOperations();
        using var train = TwoOperations.Data(64, sizes);
        using var search = TwoOperations.Data(48, sizes);

        Fit(
            network,
            new Recipe { Optimizer = new AdamOptimizer(0.05), Epochs = 20 },
            train.Batches(16, 1),
            search.Batches(16, 2)
        );

        Assert.InRange(network.ShareOfSizes, sizes ? 0.9 : 0, sizes ? 1 : 0.1);
        Assert.True(network.Gates.requires_grad);
    }

    [Fact]
    public void The_gradient_of_gates_is_that_of_the_search_rows_at_the_weights_that_the_step_has_made()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new TwoOperations();
        using var train = TwoOperations.Data(16, sizes: false);
        using var search = TwoOperations.Data(16, sizes: true);
        double[] weights = [0.5, 2];

        Fit(network, Plain with { Weighting = new Fixed(weights) }, train.Batches(16), search.Batches(16));

        var moved = network.Gates.clone();
        using (torch.no_grad())
        {
            network.Gates.zero_();
        }

        var batch = search.Batches(16).Read(network.Tasks.All, [0, 0]);
        var outputs = network.Forward(batch, network.Tasks.All);
        var loss = weights
            .Select((weight, task) => network.Tasks[task].Loss.Compute(outputs[task], batch.TargetOf(task)).mul(weight))
            .Aggregate((sum, one) => sum.add(one));
        network.Gates.grad = null;
        loss.backward();
        Assert.Equal(Values(network.Gates.grad!.mul(-Rate)), Values(moved), Near);
        Assert.True(network.ShareOfSizes == 0.5 && moved[1].item<float>() > 0); // the training rows pull the other way
    }

    [Fact]
    public void The_weights_and_the_buffers_are_those_of_a_step_without_a_search()
    {
        using var searched = new TwoOperations(normalises: true);
        using var frozen = new TwoOperations(normalises: true);
        using var train = TwoOperations.Data(16, sizes: false);
        using var search = TwoOperations.Data(12, sizes: true);

        Fit(searched, Plain, train.Batches(16), search.Batches(12));
        new Trainer(frozen, Plain with { Groups = [new GroupSetting("gates") { Frozen = true }] }).Fit(
            train.Batches(16)
        );

        Assert.Equal(frozen.Weights, searched.Weights);
        Assert.Equal(Buffers(frozen), Buffers(searched));
        Assert.NotEqual(Values(frozen.Gates), Values(searched.Gates));

        static double[] Buffers(MultiTaskNetwork network) =>
            [.. network.buffers().SelectMany(buffer => Values(buffer.to(ScalarType.Float32)))];
    }

    [Fact]
    public void Accumulated_search_batches_are_one_of_all_their_rows()
    {
        var whole = MovedBy(Plain, 16);
        var halves = MovedBy(Plain with { AccumulatedBatches = 2 }, 8);

        Assert.Equal(whole, halves, Near);
    }

    [Fact]
    public void A_gradient_of_gates_is_clipped_by_itself()
    {
        var moved = MovedBy(Plain with { ClipNorm = 0.01 }, 16);

        Assert.Equal(0.01 * Rate, Math.Sqrt(moved.Sum(number => number * number)), 1e-6);
    }

    [Fact]
    public void Gates_move_when_their_function_says_so()
    {
        var warm = new List<double[]>();
        using var network = new TwoOperations(step => step.Epoch >= 2);
        using var data = TwoOperations.Data(32, sizes: true);
        var listener = new SmallRuns.Listener(now =>
        {
            if (now.Finished is not null)
            {
                warm.Add(Values(network.Gates));
            }
        });

        new Trainer(network, Plain with { Epochs = 3 }) { Search = new DataObjectiveSource(data.Batches(16)) }.Fit(
            data.Batches(16),
            progress: listener
        );

        Assert.Equal([0, 0], warm[1]);
        Assert.NotEqual([0, 0], warm[2]);
    }

    [Fact]
    public void A_search_resumes_to_the_bit()
    {
        using var train = TwoOperations.Data(96, sizes: true);
        using var search = TwoOperations.Data(40, sizes: true);
        using var batches = train.Batches(16, shuffleSeed: 2);
        using var others = search.Batches(16, shuffleSeed: 3);
        Resumption.AssertSameBits(
            () =>
                new Recipe
                {
                    Weighting = new Uncertainty(),
                    AccumulatedBatches = 2,
                    Groups = [new GroupSetting("gates") { Optimizer = new AdamOptimizer(0.02) }],
                    Epochs = 8,
                },
            () => new TwoOperations(ParameterGroup.EveryNth(2), normalises: true),
            _ => new DataObjectiveSource(batches),
            null,
            () => new DataObjectiveSource(others)
        );
    }

    [Fact]
    public void A_search_loss_that_is_not_finite_leaves_the_gates_and_what_the_weights_have_learned()
    {
        using var network = new TwoOperations();
        using var alone = new TwoOperations();
        using var data = TwoOperations.Data(16, sizes: true);
        var notices = new List<string>();
        var nothing = torch.tensor(float.NaN);

        var result = new Trainer(network, Plain)
        {
            Search = new FormulaSource(network.Tasks, () => TaskLosses.Of(network.Tasks, nothing, nothing)),
        }.Fit(data.Batches(16), progress: new SmallRuns.Listener(now => notices.Add(now.Notice ?? "")));
        new Trainer(alone, Plain with { Groups = [new GroupSetting("gates") { Frozen = true }] }).Fit(data.Batches(16));

        Assert.Equal(1, result.SkippedSteps);
        Assert.Contains(notices, notice => notice.Contains("on the search data", StringComparison.Ordinal));
        Assert.Equal([0, 0], Values(network.Gates));
        Assert.Equal(alone.Weights, network.Weights);
        nothing.Dispose();
    }

    [Fact]
    public void A_search_leaves_no_tensor_behind()
    {
        using var data = TwoOperations.Data(64, sizes: true);
        using var train = data.Batches(8);
        using var search = data.Batches(8);
        var counts = new List<long>();
        using var network = new TwoOperations();
        for (var round = 0; round < 6; round++)
        {
            Fit(network, Plain, train, search);
            counts.Add(Tensor.TotalCount);
        }

        Assert.True(counts[^1] - counts[2] < 3, string.Join(", ", counts));
    }

    [Fact]
    public void Gates_without_search_data_are_refused_and_search_data_without_gates()
    {
        using var searched = new TwoOperations();
        using var other = SmallRuns.Network();
        using var rows = SmallRuns.Data(16);
        using var data = TwoOperations.Data(16, sizes: true);

        var none = Refused(() => new Trainer(searched, Plain).Check(data.Batches(16)));
        var needless = Refused(() => Fit(other, Plain, rows.Batches(16), rows.Batches(16)));
        var frozen = Refused(() =>
            Fit(
                searched,
                Plain with
                {
                    Groups = [new GroupSetting("gates") { Frozen = true }],
                },
                data.Batches(16),
                data.Batches(16)
            )
        );

        Assert.Contains("'gates' of TwoOperations learns from search data", none, StringComparison.Ordinal);
        Assert.Contains("nothing of hps learns from them", needless, StringComparison.Ordinal);
        Assert.Contains("nothing of TwoOperations learns from them", frozen, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_learn_from_search_data_is_refused()
    {
        using var network = new TwoOperations();
        using var data = TwoOperations.Data(16, sizes: true);
        using var batches = data.Batches(16);

        var part = Refused(() => Fit(network, Plain with { Regularizers = [new Elsewhere()] }, batches, batches));
        var looking = Refused(() =>
            Fit(
                network,
                Plain with
                {
                    Optimizer = new TorchOptimizer(parameters => torch.optim.LBFGS(parameters)),
                },
                batches,
                batches
            )
        );
        var nothing = Refused(() =>
            Fit(
                network,
                Plain with
                {
                    Groups =
                    [
                        new GroupSetting("shared") { Frozen = true },
                        new GroupSetting("heads") { Frozen = true },
                    ],
                },
                batches,
                batches
            )
        );

        Assert.Contains("'elsewhere' is learned by a part of the recipe", part, StringComparison.Ordinal);
        Assert.Contains("'gates' learns once a step", looking, StringComparison.Ordinal);
        Assert.Contains("let another group learn", nothing, StringComparison.Ordinal);
        Assert.All(network.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    private static Func<double, double, bool> Near => (one, other) => Math.Abs(one - other) < 1e-5;

    private static double[] Values(Tensor tensor) => Plait.Torch.Numbers.Read(tensor);

    private static string Refused(Action work) => Assert.Throws<NotSupportedException>(work).Message;

    private static double[] MovedBy(Recipe recipe, int batch)
    {
        using var network = new TwoOperations();
        using var data = TwoOperations.Data(16, sizes: true);
        Fit(network, recipe, data.Batches(batch), data.Batches(batch));
        return Values(network.Gates);
    }

    private static void Fit(
        MultiTaskNetwork network,
        Recipe recipe,
        MultiTaskDataLoader train,
        MultiTaskDataLoader search
    ) => new Trainer(network, recipe) { Search = new DataObjectiveSource(search) }.Fit(train);

    /// <summary>A part of a recipe whose parameters want search data.</summary>
    private sealed class Elsewhere : Regularizer
    {
        private readonly Parameter own = new(torch.zeros(1));

        public override IReadOnlyList<Parameter> Parameters => [own];

        public override IReadOnlyList<ParameterGroup> ParameterGroups =>
            [new ParameterGroup("elsewhere", Parameters) { Learns = LearningSplit.Search }];

        public override Tensor Penalty(MultiTaskNetwork network, StepContext step) => torch.zeros(1).sum();
    }
}
