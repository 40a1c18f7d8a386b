using Plait.Data;
using Plait.Networks;
using Plait.Networks.CrossTalk;
using Plait.Networks.Encoders;
using Plait.Networks.Experts;
using Plait.Networks.SharedTrunk;
using Plait.Networks.SingleTasking;
using Plait.Optimization;
using Plait.Optimization.Distillation;
using Plait.Optimization.GradientModulation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Tests.Optimization.Distillation;

[Collection("torch")]
public sealed class FeatureDistillationTests : IDisposable
{
    private const int Rows = 4;

    private static readonly TaskSet Tasks = new(LearningTask.Regression("price"), LearningTask.Binary("sold"));
    private static readonly TaskTarget[] Labels =
    [
        TaskTarget.Of(torch.zeros([Rows], ScalarType.Float64).DetachFromDisposeScope()),
        TaskTarget.Of(torch.ones([Rows], ScalarType.Float64).DetachFromDisposeScope()),
    ];

    private readonly DisposeScope scope = torch.NewDisposeScope();

    public FeatureDistillationTests() => torch.manual_seed(5);

    public void Dispose() => scope.Dispose();

    [Fact]
    public void The_term_is_the_squared_distance_of_directions_with_the_gradient_of_finite_differences()
    {
        var features = new Parameter(Lessons.Random(1, Rows, 3));
        var teacher = Reader(Lessons.Random(2, Rows, 5), Lessons.Random(3, Rows, 2));
        var (distillation, student) = Begin(features, teacher);

        Assert.Equal(
            [
                [5L, 3],
                [2L, 3],
            ],
            distillation.Parameters.Select(adapter => adapter.shape)
        );
        var seen = features.mm(distillation.Parameters[0].t());
        var theirs = teacher.Forward(Lessons.Pass(teacher, Labels).Batch, Tasks.All).FeaturesOf(0)!.Values;
        var cosines = (seen * theirs).sum(dim: 1L) / (seen.norm(1) * theirs.norm(1));
        Assert.Equal(2 - (2 * cosines.mean().item<double>()), Term(distillation, student).item<double>(), 10);
        Lessons.CheckGradient(features, () => Term(distillation, student));
        Lessons.CheckGradient(distillation.Parameters[0], () => Term(distillation, student));
        Lessons.CheckGradient(distillation.Parameters[1], () => Term(distillation, student, task: 1));
    }

    [Theory]
    [InlineData(1e-150)]
    [InlineData(1e150)]
    public void The_length_of_features_does_not_matter(double scale)
    {
        var features = Lessons.Random(1, Rows, 3);
        var theirs = Lessons.Random(2, Rows, 5);
        var (plain, student) = Begin(features, Reader(theirs, theirs));
        var expected = Term(plain, student).item<double>();

        var (scaled, other) = Begin(features * scale, Reader(theirs / scale, theirs));
        scaled.Parameters[0].detach().copy_(plain.Parameters[0]);

        Assert.Equal(expected, Term(scaled, other).item<double>(), 10);
    }

    [Fact]
    public void Rows_of_zeros_stay_finite()
    {
        var features = new Parameter(torch.zeros(Rows, 3, ScalarType.Float64));
        var (distillation, student) = Begin(features, Reader(torch.ones(Rows, 2, ScalarType.Float64), features));

        var term = Term(distillation, student);
        term.backward();

        Assert.Equal(1, term.item<double>(), 12);
        Assert.All(Numbers.Read(features.grad!), g => Assert.True(double.IsFinite(g)));
    }

    [Fact]
    public void Maps_are_compared_pixel_by_pixel_through_a_convolution_of_one_pixel()
    {
        var features = new Parameter(Lessons.Random(1, Rows, 3, 2, 2));
        var theirs = Lessons.Random(2, Rows, 5, 2, 2);
        var (distillation, student) = Begin(features, Reader(theirs, theirs));

        Assert.Equal([5L, 3, 1, 1], distillation.Parameters[0].shape);
        var flat = features.permute(0, 2, 3, 1).reshape(-1, 3).mm(distillation.Parameters[0].view(5, 3).t());
        var flatTheirs = theirs.permute(0, 2, 3, 1).reshape(-1, 5);
        var cosines = (flat * flatTheirs).sum(dim: 1L) / (flat.norm(1) * flatTheirs.norm(1));
        Assert.Equal(2 - (2 * cosines.mean().item<double>()), Term(distillation, student).item<double>(), 10);
        Lessons.CheckGradient(features, () => Term(distillation, student));
        Lessons.CheckGradient(distillation.Parameters[0], () => Term(distillation, student));
    }

    public static TheoryData<string> Architectures => ["hard sharing", "single task", "cross-stitch", "experts"];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Cut_or_not_and_with_shared_rows_or_own_the_same_features_are_distilled(string architecture)
    {
        MultiTaskNetwork Make() =>
            architecture switch
            {
                "hard sharing" => new HardSharing(Tasks, new Mlp(3, [6, 4])),
                "single task" => new SingleTask(Tasks, new Mlp(3, [6, 4])),
                "cross-stitch" => new CrossStitch(Tasks, new Mlp(3, [6, 4])),
                _ => new MultiGateMixtureOfExperts(Tasks, new Mlp(3, [6]), experts: 3, expertWidths: [4]),
            };

        using var student = Make();
        using var teachers = Teachers.Of(Make());
        var distillation = new FeatureDistillation(teachers);
        distillation.Begin(student);
        var input = torch.randn(Rows, 3);
        TaskTarget[] labels = [TaskTarget.Of(torch.zeros([Rows])), TaskTarget.Of(torch.ones([Rows]))];
        using var shared = MultiTaskBatch.Shared(Tasks.All, input, labels);
        using var separate = MultiTaskBatch.PerTask(Tasks.All, [input, input], labels);

        var expected = Gradients(shared, cut: false);

        Assert.Equal([Rows, 4L], student.Forward(shared, Tasks.All).FeaturesOf(0)!.Values.shape);
        Assert.Equal([4L], student.FeatureSpecOf(1)!.Shape!);
        Assert.Contains(expected, gradient => Math.Abs(gradient) > 1e-4);
        Same(expected, Gradients(separate, cut: false));
        Same(expected, Gradients(shared, student.HasSharedRepresentation));

        double[] Gradients(MultiTaskBatch batch, bool cut)
        {
            foreach (var adapter in distillation.Parameters)
            {
                adapter.grad = torch.zeros_like(adapter);
            }

            var outputs = student.Forward(batch, Tasks.All, cut);
            var pass = new ForwardResult(student, batch, outputs, new StepContext { Tasks = Tasks });
            var losses = TaskLosses.Of(
                Tasks,
                [.. new[] { 0, 1 }.Select(task => Lessons.Learn(distillation, pass, task))]
            );
            using var gradients = TaskGradients.Of(losses, student, outputs, alsoLearned: distillation.Parameters);
            gradients.Apply(new Sum(), pass.Step);
            return
            [
                .. Numbers.Read(student.Storage.Gradients),
                .. distillation.Parameters.SelectMany(adapter => Numbers.Read(adapter.grad!)),
            ];
        }

        static void Same(double[] expected, double[] actual) =>
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Features_that_cannot_be_compared_are_refused()
    {
        var map = torch.zeros(Rows, 3, 2, 2);
        var wide = torch.zeros(Rows, 3, 4, 4);
        var row = torch.zeros(Rows, 3);

        Refuses(new Recital(Tasks, row, row), "'Recital' does not tell what the head of task 'price' reads");
        Refuses(
            Reader(wide, wide),
            "reads a map of 3 x 2 x 2, but that of the teacher 'Recital' reads a map of 3 x 4 x 4"
        );
        Refuses(
            Reader(row, row),
            "reads a map of 3 x 2 x 2, but that of the teacher 'Recital' reads a vector of 3 numbers"
        );

        void Refuses(Recital teacher, string message)
        {
            var refused = Assert.Throws<NotSupportedException>(() => Begin(map, teacher));
            Assert.Contains(message, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
        }
    }

    /// <summary>The term alone.</summary>
    private static Tensor Term(FeatureDistillation distillation, Recital student, int task = 0) =>
        distillation.Add(torch.zeros([], ScalarType.Float64), task, Lessons.Pass(student, Labels));

    private static (FeatureDistillation Distillation, Recital Student) Begin(Tensor features, Recital teacher)
    {
        var student = Reader(features, features);
        var distillation = new FeatureDistillation(Teachers.Of(teacher));
        distillation.Begin(student);
        return (distillation, student);
    }

    private static Recital Reader(Tensor ofFirst, Tensor ofSecond) =>
        new Recital(Tasks, Lessons.Random(8, Rows, 1), Lessons.Random(9, Rows, 1)).Reads(0, ofFirst).Reads(1, ofSecond);
}
