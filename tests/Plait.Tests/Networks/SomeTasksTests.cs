using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tests.Training;
using Plait.Training;
using TorchSharp.Modules;

namespace Plait.Tests.Networks;

/// <summary>A network seen through some of its tasks.</summary>
[Collection("torch")]
public sealed class SomeTasksTests
{
    [Fact]
    public void They_say_all_that_they_say_in_the_whole_and_no_other_is_asked()
    {
        using var scope = torch.NewDisposeScope();
        using var whole = new Telling();
        using var some = new SomeTasks(whole, ["quadrant", "sum"]);

        var said = some.Forward(MultiTaskBatch.Unlabelled(some.Tasks.All, torch.zeros(2, 3)), some.Tasks.All);

        Assert.Equal(["sum", "quadrant"], some.Tasks.Select(task => task.Name));
        Assert.Equal([0, 2], whole.Asked);
        foreach (var (task, place) in new[] { (0, 0), (1, 2) })
        {
            Assert.Same(whole.Output[place], said[task]);
            Assert.Same(whole.Features[place], said.FeaturesOf(task)?.Values);
            Assert.Equal([whole.Output[1], whole.Features[place]], said.AuxiliaryOutputsOf(task));
            Assert.Same(whole.Penalty[place], said.PenaltyOf(task));
            Assert.Equal(whole.ParametersOf(place), some.ParametersOf(task));
        }

        Assert.Equal(whole.parameters().Count(), some.parameters().Count());
    }

    [Fact]
    public void Errors_name_the_network_that_is_seen_and_not_the_view()
    {
        using var data = SmallRuns.Data(16);
        using var train = data.Batches(8);
        using var whole = new RunSpecification { Network = "cross-stitch", Encoder = "mlp:widths=4" }.CreateNetwork(
            data.Tasks,
            data.InputSpec
        );
        using var some = new SomeTasks(whole, data.Tasks.Select(task => task.Name));
        var recipe = new Recipe { Aggregator = MethodCatalog.Create<GradientAggregator>("mgda:at=representation") };

        var fault = Assert.Throws<NotSupportedException>(() => new Trainer(some, recipe).Check(train));

        Assert.Contains("cross-stitch has no single one", fault.Message, StringComparison.Ordinal);
        Assert.Equal(whole.GetName(), some.GetName());
    }

    /// <summary>Says the same of every batch, and all that there is to say.</summary>
    private sealed class Telling : MultiTaskNetwork
    {
        private readonly ParameterList own = new([.. SmallRuns.Tasks.Select(_ => new Parameter(torch.zeros(1)))]);

        public Telling()
            : base(SmallRuns.Tasks, nameof(Telling)) => RegisterComponents();

        public Tensor[] Output { get; } = [torch.zeros(2, 1), torch.ones(2, 1), torch.zeros(2, 4)];

        public Tensor[] Features { get; } = [torch.zeros(2, 5), torch.ones(2, 5), torch.zeros(2, 6)];

        public Tensor[] Penalty { get; } = [torch.zeros(1), torch.ones(1), torch.zeros(1)];

        public List<int> Asked { get; } = [];

        public override IEnumerable<Parameter> SharedParameters => [];

        public override IEnumerable<Parameter> ParametersOf(int task) => [own[task]];

        protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
        {
            foreach (var task in tasks.Indices)
            {
                Asked.Add(task);
                outputs[task] = Output[task];
                outputs.SetFeatures(task, Features[task]);
                outputs.AddAuxiliary(task, Output[1]);
                outputs.AddAuxiliary(task, Features[task]);
                outputs.AddPenalty(task, Penalty[task]);
            }
        }
    }
}
