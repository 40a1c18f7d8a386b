using Plait.Networks;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Networks;

public sealed class TaskOutputsTests
{
    private static readonly TaskSet Tasks = new(LearningTask.Regression("a"), LearningTask.Regression("b"));

    [Fact]
    public void Penalties_of_a_task_add_up_and_stay_with_it()
    {
        using var scope = torch.NewDisposeScope();
        var outputs = new TaskOutputs(Tasks.All);
        using var first = torch.tensor(2.0, requires_grad: true);

        outputs.AddPenalty(1, first.mul(3));
        outputs.AddPenalty(1, torch.tensor(0.5));
        outputs.AddPenalty(1, first.mul(4));

        Assert.Null(outputs.PenaltyOf(0));
        var sum = outputs.PenaltyOf(1)!;
        Assert.Equal(14.5, sum.item<double>());
        sum.backward();
        Assert.Equal(7, first.grad!.item<double>());
    }

    [Fact]
    public void Further_answers_of_a_task_are_kept_in_their_order()
    {
        using var scope = torch.NewDisposeScope();
        var outputs = new TaskOutputs(Tasks.All);

        outputs.AddAuxiliary(1, torch.tensor(1.0));
        outputs.AddAuxiliary(1, torch.tensor(2.0));

        Assert.Empty(outputs.AuxiliaryOutputsOf(0));
        Assert.Equal([1.0, 2.0], outputs.AuxiliaryOutputsOf(1).Select(answer => answer.item<double>()));
    }
}
