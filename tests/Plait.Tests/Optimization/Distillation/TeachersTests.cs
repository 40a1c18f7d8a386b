using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.Distillation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tests.Data;
using Plait.Tests.Training;

namespace Plait.Tests.Optimization.Distillation;

[Collection("torch")]
public sealed class TeachersTests
{
    [Fact]
    public void Each_teacher_is_asked_once_a_pass_for_the_tasks_of_the_step_that_it_knows()
    {
        using var scope = torch.NewDisposeScope();
        var (a, b, c) = (LearningTask.Regression("a"), LearningTask.Regression("b"), LearningTask.Regression("c"));
        var ofTwo = new Recital(new TaskSet(c, a), Lessons.Random(1, 3, 1), Lessons.Random(2, 3, 1));
        var ofOne = new Recital(new TaskSet(b), Lessons.Random(3, 3, 1));
        using var teachers = Teachers.Of(ofTwo, ofOne);
        var student = new Recital(
            new TaskSet(a, b, c),
            [.. Enumerable.Range(4, 3).Select(i => Lessons.Random(i, 3, 1))]
        );
        AuxiliaryLoss[] methods = [new SoftTargets(teachers), new MtDnnDistillation(teachers)];
        Array.ForEach(methods, method => method.Begin(student));
        TaskTarget[] labels = [.. student.Tasks.Select(_ => TaskTarget.Of(Lessons.Random(9, 3)))];
        var pass = Lessons.Pass(student, labels);

        foreach (var task in new[] { 0, 2 })
        {
            Array.ForEach(methods, method => Lessons.Learn(method, pass, task));
        }

        Assert.Equal((1, 2), (ofTwo.Passes, ofTwo.TasksAsked));
        Assert.Equal(0, ofOne.Passes);
        Lessons.Learn(methods[0], Lessons.Pass(student, labels));
        Assert.Equal(2, ofTwo.Passes);
        Assert.Equal(ofTwo.Said(1).ToString(), teachers.Outputs(0, pass)[0].ToString());
    }

    [Fact]
    public void Teachers_stay_in_eval_mode_without_gradients_and_as_they_were()
    {
        using var data = SmallRuns.Data(32);
        using var source = data.Batches(32);
        var teacher = SmallRuns.Network(dropout: 0.5);
        teacher.train();
        var bits = SmallRuns.Bits(teacher);
        using var teachers = Teachers.Of(teacher);
        using var student = SmallRuns.Network(seed: 8);
        var distillation = new SoftTargets(teachers, hard: 0);
        distillation.Begin(student);

        using var scope = torch.NewDisposeScope();
        using var batch = source.Read(student.Tasks.All, new long[3]);
        var first = Loss().item<float>();
        var loss = Loss();
        loss.backward();

        Assert.Equal(first, loss.item<float>()); // the dropout of the teacher would change it
        Assert.All(teacher.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.NotNull(student.parameters().First().grad);
        Assert.Equal(bits, SmallRuns.Bits(teacher));

        Tensor Loss()
        {
            student.eval();
            var pass = new ForwardResult(
                student,
                batch,
                student.Forward(batch, student.Tasks.All),
                new StepContext { Tasks = student.Tasks }
            );
            return distillation.Add(torch.zeros([]), 2, pass);
        }
    }

    [Fact]
    public void Tasks_with_rows_of_their_own_are_answered_row_by_row()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Regression("a"), LearningTask.Regression("b"));
        torch.manual_seed(1);
        var teacher = new HardSharing(new TaskSet(tasks[1]), new Mlp(3, [4]));
        var student = new HardSharing(tasks, new Mlp(3, [4]));
        using var teachers = Teachers.Of(teacher);
        var rows = torch.randn(5, 3);
        var batch = MultiTaskBatch.PerTask(
            tasks.All,
            [torch.randn(2, 3), rows],
            [TaskTarget.Of(torch.zeros(2)), TaskTarget.Of(torch.zeros(5))]
        );
        var pass = new ForwardResult(
            student,
            batch,
            student.Forward(batch, tasks.All),
            new StepContext { Tasks = tasks }
        );

        var answer = Assert.Single(teachers.Outputs(1, pass));

        var expected = teacher.Forward(MultiTaskBatch.Unlabelled(teacher.Tasks.All, rows), teacher.Tasks.All)[0];
        Assert.Equal(Plait.Torch.Numbers.Read(expected), Plait.Torch.Numbers.Read(answer));
        Assert.Empty(teachers.Outputs(0, pass));
    }

    [Fact]
    public void A_teacher_may_see_other_inputs_and_speak_another_unit()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Regression("a"));
        var network = new Recital(tasks, torch.full([3, 1], 5.0, ScalarType.Float64));
        using var teachers = new Teachers(
            new Teacher(network) { Input = input => input.add(7), Output = (_, output) => output.mul(2) }
        );
        var student = new Recital(tasks, Lessons.Random(1, 3, 1));

        var answer = teachers.Outputs(0, Lessons.Pass(student, [TaskTarget.Of(Lessons.Random(2, 3))]));

        Assert.Equal(10, answer[0].mean().item<double>());
        Assert.Equal(7, network.Heard);
    }

    [Fact]
    public void A_teacher_that_sees_other_inputs_knows_how_long_rows_are()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        var tasks = new TaskSet(LearningTask.Regression("a"));
        var student = new HardSharing(tasks, new BagOfEmbeddings(new TokenInput(9, 3), width: 4));
        var input = new BatchInput(
            torch.tensor(
                new long[,]
                {
                    { 1, 2, 3 },
                    { 4, 0, 0 },
                }
            ),
            torch.tensor(new long[] { 3, 1 })
        );
        var batch = MultiTaskBatch.Shared(tasks.All, input, [TaskTarget.Of(torch.zeros(2))]);
        var pass = new ForwardResult(
            student,
            batch,
            student.Forward(batch, tasks.All),
            new StepContext { Tasks = tasks }
        );
        var network = new HardSharing(tasks, new BagOfEmbeddings(new TokenInput(9, 3), width: 4));
        using var same = Teachers.Of(network);
        using var turned = new Teachers(new Teacher(network) { Input = words => words.add(0) });

        var answer = Plait.Torch.Numbers.Read(turned.Outputs(0, pass)[0]);

        Assert.Equal(Plait.Torch.Numbers.Read(same.Outputs(0, pass)[0]), answer);
    }

    [Fact]
    public void A_step_leaves_no_tensor_behind()
    {
        using var data = SmallRuns.Data(32);
        using var source = data.Batches(32);
        using var teachers = Teachers.Of(SmallRuns.Network(), SmallRuns.Network(seed: 4));
        using var student = SmallRuns.Network(seed: 8);
        AuxiliaryLoss[] methods =
        [
            new TeacherAnnealing(teachers),
            new SoftTargets(teachers),
            new MtDnnDistillation(teachers),
            new FeatureDistillation(teachers),
        ];
        Array.ForEach(methods, method => method.Begin(student));
        Step();
        var before = SmallData.CountTensors();

        Step();

        Assert.Equal(before, Tensor.TotalCount);

        void Step()
        {
            using var scope = torch.NewDisposeScope();
            using var batch = source.Read(student.Tasks.All, new long[3]);
            var pass = new ForwardResult(
                student,
                batch,
                student.Forward(batch, student.Tasks.All),
                new StepContext
                {
                    Tasks = student.Tasks,
                    Step = 1,
                    Epochs = 4,
                }
            );
            foreach (var task in student.Tasks.All.Indices)
            {
                var loss = student.Tasks[task].Loss.Compute(pass.Outputs[task], batch.TargetOf(task));
                Assert.True(
                    methods.Aggregate(loss, (sum, method) => method.Add(sum, task, pass)).isfinite().item<bool>()
                );
            }
        }
    }

    [Fact]
    public void Teachers_and_students_that_do_not_fit_are_refused_in_one_line()
    {
        using var scope = torch.NewDisposeScope();
        var price = LearningTask.Regression("price");
        var student = new Recital(
            new TaskSet(LearningTask.Classification("kind", 3), price),
            torch.zeros(1, 3),
            torch.zeros(1, 1)
        );

        Refuses(
            new Recital(
                new TaskSet(LearningTask.Classification("kind", 4), price),
                torch.zeros(1, 4),
                torch.zeros(1, 1)
            ),
            "The teacher 'models/a' answers task 'kind' with 4 classes a row, but the student is to give 3 classes a row; train one of them anew."
        );
        Refuses(
            new Recital(new TaskSet(LearningTask.Binary("price")), torch.zeros(1, 1)),
            "The teacher 'models/a' answers task 'price' with 1 yes-or-no logits a row, but the student is to give 1 numbers a row"
        );
        Refuses(
            new Recital(new TaskSet(LearningTask.Regression("rent")), torch.zeros(1, 1)),
            "The teacher 'models/a' knows rent, and none of the tasks to learn (kind, price); tasks match by name."
        );
        Assert.Contains(
            "at least one",
            Assert.Throws<ArgumentException>(() => Teachers.Of()).Message,
            StringComparison.Ordinal
        );

        void Refuses(MultiTaskNetwork network, string message)
        {
            var teachers = new Teachers(new Teacher(network, "models/a"));
            var refused = Assert.Throws<ArgumentException>(() => new SoftTargets(teachers).Begin(student));
            Assert.Contains(message, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
        }
    }

    [Fact]
    public void A_task_of_numbers_is_taught_by_its_own_loss_whatever_that_is()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(
            new LearningTask("odd", new Numeric(), new Odd(), [new Plait.Tasks.Metrics.MeanSquaredError()])
        );
        using var teachers = Teachers.Of(new Recital(tasks, torch.zeros(1, 1)));
        teachers.Require(tasks);

        var soft = SoftTarget.Of(tasks[0], [torch.zeros(2, 1)]);

        Assert.Equal(7, soft.Divergence(torch.tensor(new[] { 3f, 4 }).view(2, 1)).item<float>());
    }

    private sealed class Odd : TaskLoss
    {
        public override string Name => "odd";

        protected override Tensor Cost(Tensor output, Tensor target, torch.nn.Reduction reduction) => output.sum();
    }
}
