using Plait.Jobs.Plans;
using Plait.Training;

namespace Plait.Jobs.Tests.Plans;

[Collection("torch")]
public sealed class PlanCheckTests
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

        PlanCheck.Require([new PlannedJob("one", Job), new PlannedJob("other", Job)], told.Add);

        Assert.Equal(["small: 2 rows are left out."], told);
    }

    [Fact]
    public void What_does_not_go_together_is_refused_with_a_message_that_names_the_training()
    {
        var wrong = Job with { Run = Job.Run with { Network = "cross-stitch", Aggregator = "mgda:at=representation" } };

        var refused = Assert.Throws<ArgumentException>(() =>
            PlanCheck.Require([new PlannedJob("one", Job), new PlannedJob("other", wrong)], _ => { })
        );

        Assert.StartsWith("other: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_that_a_network_has_not_is_refused_with_a_message_that_lists_those_it_has()
    {
        var wrong = Job with { Run = Job.Run with { Groups = ["joins=0.1x"] } };

        var refused = Assert.Throws<ArgumentException>(() =>
            PlanCheck.Require([new PlannedJob("one", wrong)], _ => { })
        );

        Assert.Contains("No group of parameters is called 'joins'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("here are encoder, heads.a, heads.b", refused.Message, StringComparison.Ordinal);
    }
}
