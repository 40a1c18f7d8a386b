using Plait.Optimization.Distillation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;

namespace Plait.Tests.Optimization.Distillation;

[Collection("torch")]
public sealed class TeacherAnnealingTests : IDisposable
{
    private const int Rows = 4;

    private static readonly TaskSet Tasks = new(
        LearningTask.Classification("kind", classes: 3),
        LearningTask.Binary("sold"),
        LearningTask.Regression("price")
    );

    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly Recital student = new(Tasks, Answers(1));
    private readonly Recital teacher = new(Tasks, Answers(2));
    private readonly Teachers teachers;

    public TeacherAnnealingTests()
    {
        teachers = Teachers.Of(teacher);
    }

    public void Dispose()
    {
        teachers.Dispose();
        student.Dispose();
        scope.Dispose();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(30, 0.5)]
    [InlineData(60, 1)]
    [InlineData(90, 1)]
    public void The_labels_share_follows_the_steps(long step, double share) =>
        Assert.Equal(share, TeacherAnnealing.LabelShare(At(step)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void It_begins_with_the_teacher_alone(int task)
    {
        var first = Learn(0, task, Labels(1)).item<double>();

        Assert.Equal(first, Learn(0, task, Labels(0)).item<double>());
        Assert.NotEqual(first, Learn(30, task, Labels(0)).item<double>());
        Assert.Equal(Interpolated(0, task, Labels(0)), first, 12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void It_ends_with_the_labels_alone(int task)
    {
        var pass = Lessons.Pass(student, Labels(1), At(60));
        var labels = Lessons.LabelLoss(pass, task);

        Assert.Same(labels, new TeacherAnnealing(teachers).Add(labels, task, pass));
    }

    [Theory]
    [InlineData(0, 15)]
    [InlineData(1, 15)]
    [InlineData(2, 15)]
    [InlineData(2, 45)]
    public void In_between_it_is_the_loss_of_the_mixed_target(int task, long step)
    {
        var labels = Labels(1);

        Assert.Equal(Interpolated(step, task, labels), Learn(step, task, labels).item<double>(), 12);
        Lessons.CheckGradient(student.Said(task), () => Learn(step, task, labels));
    }

    [Fact]
    public void Rows_without_a_label_have_the_teacher_until_its_word_fades_and_never_make_the_loss_negative()
    {
        TaskTarget[] labels = [.. Labels(1)];
        labels[2] = TaskTarget.FromRaw(torch.tensor([100.0, double.NaN, double.NaN, double.NaN]));

        foreach (var step in new long[] { 0, 20, 59 })
        {
            student.Said(2).grad?.zero_();
            var loss = Learn(step, task: 2, labels);
            loss.backward();

            var share = TeacherAnnealing.LabelShare(At(step));
            var apart = Numbers.Read(student.Said(2) - teacher.Said(2));
            Assert.True(loss.item<double>() >= 0);
            Assert.Equal(2 * (1 - share) * apart[3] / Rows, Numbers.Read(student.Said(2).grad!)[3], 12);
        }
    }

    /// <summary>What the paper writes down: the loss of λ y + (1 - λ) p.</summary>
    private double Interpolated(long step, int task, TaskTarget[] labels)
    {
        var share = TeacherAnnealing.LabelShare(At(step));
        var (own, theirs) = (student.Said(task).detach(), teacher.Said(task).detach());
        var values = labels[task].Values;
        switch (task)
        {
            case 0:
                var once = torch.nn.functional.one_hot(values, 3).to(ScalarType.Float64);
                var mixed = (once * share) + (theirs.softmax(1) * (1 - share));
                return -(mixed * own.log_softmax(1)).sum().item<double>() / Rows;
            case 1:
                var chance = (values.unsqueeze(1) * share) + (theirs.sigmoid() * (1 - share));
                return torch.nn.functional.binary_cross_entropy_with_logits(own, chance).item<double>();
            default:
                var number = (values.unsqueeze(1) * share) + (theirs * (1 - share));
                return (own - number).square().mean().item<double>();
        }
    }

    private Tensor Learn(long step, int task, TaskTarget[] labels) =>
        Lessons.Learn(new TeacherAnnealing(teachers), Lessons.Pass(student, labels, At(step)), task);

    private static StepContext At(long step) =>
        new()
        {
            Tasks = Tasks,
            Step = step,
            StepsPerEpoch = 12,
            Epochs = 5,
        };

    private static Tensor[] Answers(int seed) =>
        [Lessons.Random(seed, Rows, 3), Lessons.Random(seed + 10, Rows, 1), Lessons.Random(seed + 20, Rows, 1)];

    private static TaskTarget[] Labels(int label) =>
        [
            TaskTarget.Of(torch.full([Rows], label, ScalarType.Int64)),
            TaskTarget.Of(torch.full([Rows], label, ScalarType.Float64)),
            TaskTarget.Of(torch.full([Rows], 3 - label, ScalarType.Float64)),
        ];
}
