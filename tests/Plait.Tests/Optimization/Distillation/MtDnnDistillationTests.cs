using Plait.Optimization.Distillation;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Optimization.Distillation;

[Collection("torch")]
public sealed class MtDnnDistillationTests : IDisposable
{
    private static readonly LearningTask Kind = LearningTask.Classification("kind", classes: 3);
    private static readonly LearningTask Price = LearningTask.Regression("price");

    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void It_is_the_mean_of_the_cross_entropies_against_the_labels_and_the_ensembles_mean()
    {
        var student = new Recital(new TaskSet(Kind), Lessons.Random(1, 4, 3));
        Recital[] ensemble =
        [
            .. new[] { 2, 3, 4 }.Select(seed => new Recital(new TaskSet(Kind), Lessons.Random(seed, 4, 3))),
        ];
        var distillation = new MtDnnDistillation(Teachers.Of(ensemble));
        TaskTarget[] labels = [TaskTarget.Of(torch.tensor([0L, 1L, 2L, 1L]))];

        var q = torch.stack(ensemble.Select(teacher => teacher.Said(0).softmax(1))).mean([0L]);
        var soft = -(q * student.Said(0).log_softmax(1)).sum() / 4;
        var pass = Lessons.Pass(student, labels);

        var expected = (soft + Lessons.LabelLoss(pass, 0)) / 2;
        Assert.Equal(expected.item<double>(), Lessons.Learn(distillation, pass).item<double>(), 12);
        Lessons.CheckGradient(student.Said(0), () => Lessons.Learn(distillation, Lessons.Pass(student, labels)));
    }

    [Fact]
    public void A_task_without_a_teacher_keeps_its_labels()
    {
        var student = new Recital(new TaskSet(Price, Kind), Lessons.Random(1, 4, 1), Lessons.Random(2, 4, 3));
        var distillation = new MtDnnDistillation(Teachers.Of(new Recital(new TaskSet(Kind), Lessons.Random(3, 4, 3))));
        distillation.Begin(student);
        var pass = Lessons.Pass(
            student,
            [TaskTarget.Of(Lessons.Random(4, 4)), TaskTarget.Of(torch.ones([4], ScalarType.Int64))]
        );
        var price = Lessons.LabelLoss(pass, 0);

        Assert.Same(price, distillation.Add(price, 0, pass));
        Assert.NotEqual(Lessons.LabelLoss(pass, 1).item<double>(), Lessons.Learn(distillation, pass, 1).item<double>());
    }
}
