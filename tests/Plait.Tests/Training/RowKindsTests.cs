using Plait.Data;
using Plait.Networks;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;
using Plait.Training;
using TorchSharp.Modules;

namespace Plait.Tests.Training;

/// <summary>Before a training, a network is asked about one batch where its tasks look at rows of several kinds.</summary>
[Collection("torch")]
public sealed class RowKindsTests
{
    private static readonly TaskSet Tasks = new(LearningTask.Regression("narrow"), LearningTask.Regression("wide"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_network_and_chance_are_afterwards_as_before(bool trains)
    {
        using var scope = torch.NewDisposeScope();
        using var data = Data();
        using var source = data.Batches(4);
        using var network = new Summing();
        network.train(trains);
        torch.manual_seed(5);
        var expected = torch.rand(3);
        torch.manual_seed(5);

        RowKinds.Require(network, source);

        Assert.Equal([2L, 3], network.Widths);
        Assert.False(network.WasTraining);
        Assert.Equal(trains, network.training);
        Assert.Equal(Numbers.Read(expected), Numbers.Read(torch.rand(3)));
    }

    [Fact]
    public void Rows_are_asked_about_in_the_network_s_own_type()
    {
        using var scope = torch.NewDisposeScope();
        using var data = Data();
        using var source = data.Batches(4);
        using var network = new Summing();
        network.to(ScalarType.Float64);

        RowKinds.Require(network, source);

        Assert.Equal(ScalarType.Float64, network.Type);
    }

    private static TensorData Data() =>
        TensorData.PerTask(
            Tasks,
            [new BatchInput(torch.ones(6, 2)), new BatchInput(torch.ones(6, 3))],
            [TaskTarget.Of(torch.zeros(6)), TaskTarget.Of(torch.zeros(6))]
        );

    /// <summary>A multiple of each row's sum, with noise as of a dropout.</summary>
    private sealed class Summing : MultiTaskNetwork
    {
        private readonly Parameter factor = new(torch.ones(1));

        public Summing()
            : base(RowKindsTests.Tasks, nameof(Summing)) => RegisterComponents();

        public List<long> Widths { get; } = [];

        public bool WasTraining { get; private set; }

        public ScalarType Type { get; private set; }

        public override IEnumerable<Parameter> SharedParameters => [factor];

        public override IEnumerable<Parameter> ParametersOf(int task) => [];

        protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
        {
            Widths.Add(input.Values.size(1));
            (WasTraining, Type) = (training, input.Values.dtype);
            foreach (var task in tasks.Indices)
            {
                outputs[task] = input.Values.sum([1L], keepdim: true).mul(factor).add(torch.rand(1).mul(0));
            }
        }
    }
}
