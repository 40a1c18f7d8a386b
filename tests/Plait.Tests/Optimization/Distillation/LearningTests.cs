using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.Distillation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Tests.Optimization.Distillation;

/// <summary>Students with 32 labels among 1,024 rows, whose teachers learned from 2,048 labelled rows of their own.</summary>
[Collection("torch")]
public sealed class LearningTests : IClassFixture<LearningTests.School>
{
    private const int Inputs = 8;

    private static readonly TaskSet Tasks = new(
        LearningTask.Classification("quadrant", classes: 4),
        LearningTask.Regression("bump")
    );

    private readonly School school;

    public LearningTests(School school) => this.school = school;

    [Fact]
    public void The_teachers_know_their_task_and_a_student_without_them_does_not()
    {
        Assert.InRange(school.Taught.Accuracy, 0.93, 1);
        Assert.InRange(school.Taught.Error, 0, 0.12);
        Assert.InRange(school.Alone.Accuracy, 0.3, 0.75);
        Assert.InRange(school.Alone.Error, 0.5, 10);
    }

    [Theory]
    [InlineData("soft targets")]
    [InlineData("teacher annealing")]
    [InlineData("mt-dnn")]
    public void A_student_of_single_task_teachers_learns_what_few_labels_do_not_tell(string method)
    {
        var learned = school.Learn(
            method switch
            {
                "soft targets" => new SoftTargets(school.Teachers),
                "teacher annealing" => new TeacherAnnealing(school.Teachers),
                _ => new MtDnnDistillation(school.Teachers),
            }
        );

        Assert.InRange(learned.Accuracy, school.Alone.Accuracy + 0.15, 1);
        Assert.InRange(learned.Error, 0, school.Alone.Error / 2);
    }

    [Fact]
    public void Feature_distillation_pulls_the_students_features_to_the_teachers()
    {
        var probe = new FeatureDistillation(school.Teachers);
        using var student = School.Student();
        var losses = school.Fit(student, epochs: 30, probe).History.Select(epoch => epoch.TrainingLosses).ToArray();
        using var without = School.Student();
        var alone = school.Fit(without, epochs: 30).History[^1].TrainingLosses;

        // Terms lie near 2 for unrelated directions; what the labels cost is left out by the run without teachers.
        Assert.All(new[] { 0, 1 }, task => Assert.InRange(losses[0][task] - alone[task], 0.7, 5));
        Assert.All(new[] { 0, 1 }, task => Assert.InRange(losses[^1][task] - alone[task], -1, 0.35));
    }

    /// <summary>Two teachers, learned once, and the data of a student.</summary>
    public sealed class School : IDisposable
    {
        private readonly TensorData labelled = Data(2048, seed: 1);
        private readonly TensorData few = Data(1024, seed: 2, labels: 32);
        private readonly TensorData test = Data(1024, seed: 3);

        public School()
        {
            Teachers = Teachers.Of(Tasks.Select(task => Teacher(task.Name)));
            using var alone = Student();
            Fit(alone, epochs: 30);
            Alone = Judge(alone, test);
        }

        public Teachers Teachers { get; }

        public Score Taught { get; private set; } = new(0, 0);

        public Score Alone { get; }

        public static MultiTaskNetwork Student()
        {
            torch.manual_seed(11);
            return new HardSharing(Tasks, new Mlp(Inputs, [32, 16]));
        }

        public Score Learn(AuxiliaryLoss distillation)
        {
            using var student = Student();
            Fit(student, epochs: 30, distillation);
            return Judge(student, test);
        }

        public TrainingResult Fit(MultiTaskNetwork network, int epochs, params AuxiliaryLoss[] auxiliaries) =>
            Train(network, few, epochs, auxiliaries);

        public void Dispose()
        {
            Teachers.Dispose();
            labelled.Dispose();
            few.Dispose();
            test.Dispose();
        }

        private static TrainingResult Train(
            MultiTaskNetwork network,
            TensorData data,
            int epochs,
            params AuxiliaryLoss[] auxiliaries
        )
        {
            using var source = data.Batches(128, shuffleSeed: 4);
            var recipe = new Recipe
            {
                Epochs = epochs,
                Optimizer = new AdamOptimizer(0.01),
                Auxiliaries = auxiliaries,
                GradientRecordInterval = 0,
            };
            return new Trainer(network, recipe).Fit(source);
        }

        private MultiTaskNetwork Teacher(string task)
        {
            using var own = labelled.SelectTasks([task]);
            using var judged = test.SelectTasks([task]);
            torch.manual_seed(7);
            var network = new HardSharing(own.Tasks, new Mlp(Inputs, [64, 32]));
            Train(network, own, epochs: 30);
            var score = Judge(network, judged);
            Taught =
                task == Tasks[0].Name ? Taught with { Accuracy = score.Accuracy } : Taught with { Error = score.Error };
            return network;
        }

        private static Score Judge(MultiTaskNetwork network, TensorData data)
        {
            using var source = data.Batches(1024);
            var metrics = Evaluator.Evaluate(network, source).Metrics;
            return new(Of("quadrant", "accuracy"), Of("bump", "mse"));

            double Of(string task, string metric) => network.Tasks.Contains(task) ? metrics[task, metric] : double.NaN;
        }

        /// <summary>A quadrant and a bump of a hidden plane, the bump with mean square 1; other rows than the first few lack both.</summary>
        private static TensorData Data(int rows, int seed, int? labels = null)
        {
            using var scope = torch.NewDisposeScope();
            using var generator = new torch.Generator((ulong)seed, torch.CPU);
            using var mapGenerator = new torch.Generator(99, torch.CPU);
            var input = torch.randn([rows, Inputs], generator: generator);
            var map = torch.linalg.qr(torch.randn([Inputs, 2], generator: mapGenerator)).Q;
            var plane = input.mm(map); // [rows, 2]
            var quadrant =
                plane.select(1, 0).gt(0).to(ScalarType.Int64) * 2 + plane.select(1, 1).gt(0).to(ScalarType.Int64);
            var bump = (plane.select(1, 0) * 2).sin() + (plane.select(1, 0) * plane.select(1, 1));
            var present = torch.arange(rows).lt(labels ?? rows);
            return TensorData.Shared(
                Tasks,
                input,
                [TaskTarget.FromRaw(quadrant, present), TaskTarget.FromRaw(bump, present)]
            );
        }
    }

    /// <summary>Accuracy of the quadrant and squared error of the bump, on rows that nobody learned from.</summary>
    public sealed record Score(double Accuracy, double Error);
}
