using Plait.Benchmarks;
using Plait.Benchmarks.Jobs;
using Plait.Cli.Runs;
using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Cli.Tests.Runs;

[Collection("torch")]
public sealed class JobCheckTests
{
    private static readonly TrainingJob Job = new()
    {
        Data = new SmallSource(),
        Run = new RunSpecification { Encoder = "mlp:widths=4" },
    };

    [Fact]
    public void What_the_data_say_of_themselves_is_told_once()
    {
        var told = new List<string>();

        JobCheck.Require([new PlannedJob("one", Job), new PlannedJob("other", Job)], told.Add);

        Assert.Equal(["small: 2 rows are left out."], told);
    }

    [Fact]
    public void What_does_not_go_together_is_a_fault_of_usage_that_names_the_training()
    {
        var wrong = Job with { Run = Job.Run with { Network = "cross-stitch", Aggregator = "mgda:at=representation" } };

        var refused = Assert.Throws<CommandFailure>(() =>
            JobCheck.Require([new PlannedJob("one", Job), new PlannedJob("other", wrong)], _ => { })
        );

        Assert.StartsWith("other: ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, refused.ExitCode);
    }

    [Fact]
    public void A_group_that_a_network_has_not_is_a_fault_of_usage_that_lists_those_it_has()
    {
        var wrong = Job with { Run = Job.Run with { Groups = ["joins=0.1x"] } };

        var refused = Assert.Throws<CommandFailure>(() => JobCheck.Require([new PlannedJob("one", wrong)], _ => { }));

        Assert.Contains("No group of parameters is called 'joins'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("here are encoder, heads.a, heads.b", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, refused.ExitCode);
    }

    private sealed record SmallSource : DataSource
    {
        public override string Name => "small";

        public override IDataParts Load(long seed, int processes = 1) =>
            new BenchmarkData(Part(), Part(), Part()) { Notices = ["2 rows are left out."] };

        private static readonly TaskSet Tasks = new(LearningTask.Regression("a"), LearningTask.Regression("b"));

        private static TensorData Part() =>
            TensorData.Shared(Tasks, torch.ones(8, 3), [TaskTarget.Of(torch.ones(8)), TaskTarget.Of(torch.zeros(8))]);
    }
}
