using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.Distillation;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Optimization.Distillation;

[Collection("torch")]
public sealed class SoftTargetsTests : IDisposable
{
    private const int Rows = 5;

    private static readonly TaskSet Kind = new(LearningTask.Classification("kind", classes: 3));
    private static readonly TaskSet Sold = new(LearningTask.Binary("sold", positiveWeight: 3));
    private static readonly TaskSet Price = new(LearningTask.Regression("price"));

    private static readonly TaskSet Pixels = new(
        new LearningTask(
            "pixels",
            new Categorical(3, Layout.Pixel),
            new Plait.Tasks.Losses.CrossEntropy(),
            [new Plait.Tasks.Metrics.Accuracy()]
        )
    );

    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<string, double> Cases =>
        new()
        {
            { "kind", 1 },
            { "kind", 4 },
            { "sold", 1 },
            { "sold", 3 },
            { "price", 2 },
            { "pixels", 2 },
        };

    [Fact]
    public void A_worked_example_of_one_row()
    {
        using var student = new Recital(
            Kind,
            torch.tensor(
                new double[,]
                {
                    { 2, 0, 0 },
                }
            )
        );
        using var teachers = Teachers.Of(
            new Recital(
                Kind,
                torch.tensor(
                    new double[,]
                    {
                        { 0, Math.Log(16), 0 },
                    }
                )
            )
        );

        // At τ = 2: p = (1, 4, 1) / 6 and q = (e, 1, 1) / (e + 2).
        var z = Math.E + 2;
        double[] p = [1 / 6.0, 4 / 6.0, 1 / 6.0];
        double[] q = [Math.E / z, 1 / z, 1 / z];
        var divergence = p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();
        var labels = -Math.Log(1 / (Math.Exp(2) + 2));
        var loss = Learn(new SoftTargets(teachers, tau: 2, weight: 3, hard: 0.25), student, Labels(Kind, rows: 1));

        Assert.Equal((3 * 4 * divergence) + (0.25 * labels), loss.item<double>(), 12);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_is_that_of_finite_differences(string task, double tau)
    {
        var (tasks, shape) = Of(task);
        using var student = new Recital(tasks, Lessons.Random(1, shape));
        using var teachers = Teachers.Of(
            new Recital(tasks, Lessons.Random(2, shape)),
            new Recital(tasks, Lessons.Random(3, shape))
        );
        var distillation = new SoftTargets(teachers, tau, weight: 0.7, hard: 0.3);

        Lessons.CheckGradient(student.Said(0), () => Learn(distillation, student, Labels(tasks)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_student_that_agrees_with_its_teacher_has_nothing_to_learn(string task, double tau)
    {
        var (tasks, shape) = Of(task);
        using var student = new Recital(tasks, Lessons.Random(1, shape));
        using var teachers = Teachers.Of(new Recital(tasks, student.Said(0).detach()));

        var loss = Learn(new SoftTargets(teachers, tau, hard: 0), student, Labels(tasks));
        loss.backward();

        Assert.Equal(0, loss.item<double>(), 12);
        Assert.All(Plait.Torch.Numbers.Read(student.Said(0).grad!), g => Assert.Equal(0, g, 12));
    }

    [Fact]
    public void A_hot_temperature_matches_logits()
    {
        // Hinton et al., equation 4: for large τ the gradient is (z_S - z_T) / N of zero-mean logits.
        var (tasks, shape) = Of("kind");
        var (own, theirs) = (Centred(Lessons.Random(1, shape)), Centred(Lessons.Random(2, shape)));
        using var student = new Recital(tasks, own);
        using var teachers = Teachers.Of(new Recital(tasks, theirs));

        Learn(new SoftTargets(teachers, tau: 1e4, hard: 0), student, Labels(tasks)).backward();

        var expected = Plait.Torch.Numbers.Read((own - theirs) / 3 / Rows);
        Assert.All(
            Plait.Torch.Numbers.Read(student.Said(0).grad!).Zip(expected),
            pair => Assert.Equal(pair.Second, pair.First, 1e-4)
        );
    }

    [Fact]
    public void An_ensemble_of_classes_means_its_probabilities_and_one_of_numbers_its_numbers()
    {
        using var unsure = Teachers.Of(
            new Recital(
                Kind,
                torch.tensor(
                    new double[,]
                    {
                        { 40, 0, 0 },
                    }
                )
            ),
            new Recital(
                Kind,
                torch.tensor(
                    new double[,]
                    {
                        { 0, 0, 40 },
                    }
                )
            )
        );
        using var classes = new Recital(
            Kind,
            torch.tensor(
                new double[,]
                {
                    { 10, -30, 10 },
                }
            )
        );
        using var two = Teachers.Of(
            new Recital(
                Price,
                torch.tensor(
                    new double[,]
                    {
                        { 1 },
                    }
                )
            ),
            new Recital(
                Price,
                torch.tensor(
                    new double[,]
                    {
                        { 4 },
                    }
                )
            )
        );
        using var number = new Recital(
            Price,
            torch.tensor(
                new double[,]
                {
                    { 3 },
                }
            )
        );

        var agreed = Learn(new SoftTargets(unsure, tau: 1, hard: 0), classes, Labels(Kind, rows: 1));
        var away = Learn(new SoftTargets(two, hard: 0), number, Labels(Price, rows: 1));

        Assert.Equal(0, agreed.item<double>(), 9);
        Assert.Equal(0.25, away.item<double>(), 12);
    }

    [Fact]
    public void The_teacher_speaks_for_rows_without_a_label_too()
    {
        using var student = new Recital(Price, torch.zeros(2, 1, ScalarType.Float64));
        using var teachers = Teachers.Of(new Recital(Price, torch.ones(2, 1, ScalarType.Float64)));
        var labels = TaskTarget.FromRaw(torch.tensor([0.0, double.NaN]));

        Learn(new SoftTargets(teachers, hard: 0), student, labels).backward();

        Assert.Equal([-1.0, -1.0], Plait.Torch.Numbers.Read(student.Said(0).grad!));
    }

    [Theory]
    [InlineData("soft-targets:tau=0", "The temperature 'tau' is finite and above 0; got 0.")]
    [InlineData("soft-targets:weight=-1", "'weight' is finite and 0 or more; got -1.")]
    [InlineData("soft-targets:hard=Infinity", "'hard' is finite and 0 or more; got ")]
    [InlineData("feature-distillation:weight=NaN", "'weight' is finite and 0 or more; got NaN.")]
    public void An_option_out_of_range_is_refused(string text, string message)
    {
        using var teachers = Teachers.Of(new Recital(Price, torch.zeros(1, 1)));

        var refused = Assert.Throws<FormatException>(() => MethodCatalog.Create<AuxiliaryLoss>(text, teachers));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    private static Tensor Learn(SoftTargets distillation, Recital student, TaskTarget labels) =>
        Lessons.Learn(distillation, Lessons.Pass(student, [labels]));

    private static Tensor Centred(Tensor logits) => logits - logits.mean([1L], keepdim: true);

    private static (TaskSet Tasks, long[] Shape) Of(string task) =>
        task switch
        {
            "kind" => (Kind, [Rows, 3]),
            "sold" => (Sold, [Rows, 1]),
            "price" => (Price, [Rows, 1]),
            _ => (Pixels, [Rows, 3, 2, 2]),
        };

    private static TaskTarget Labels(TaskSet tasks, int rows = Rows) =>
        TaskTarget.Of(
            tasks[0].Output switch
            {
                { IsDense: true } => torch.ones([rows, 2, 2], ScalarType.Int64),
                { Channels: 3 } => torch.ones([rows], ScalarType.Int64),
                _ => torch.ones([rows], ScalarType.Float64),
            }
        );
}
