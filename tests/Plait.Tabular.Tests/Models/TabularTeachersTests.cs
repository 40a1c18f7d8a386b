using System.Globalization;
using System.Text;
using Plait.Data;
using Plait.Tabular.Features;
using Plait.Tabular.Models;
using Plait.Tabular.Predictions;

namespace Plait.Tabular.Tests.Models;

[Collection("torch")]
public sealed class TabularTeachersTests : IDisposable
{
    private const string Probes = """
        a,b,colour
        0.5,1,red
        -1,,blue
        2,-0.3,violet
        ,0.2,red
        """;

    private static readonly string[] Taught = ["amount:regression", "kind:classification"];

    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_teacher_says_of_the_students_inputs_what_it_says_of_the_rows_themselves()
    {
        // The teacher learned from other rows: other means, spreads and units, and it has never seen violet.
        using var teacher = Teach("teacher", Table(seed: 1, rows: 90, scale: 7, "red", "blue"), Taught);
        var (_, student) = Tables.Fit(
            Table(seed: 2, rows: 60, scale: 1, "red", "blue", "violet"),
            [.. Enumerable.Range(0, 60).Select(row => (long)row)],
            Taught
        );
        using var teachers = TabularTeachers.Load([folder.File("teacher")], student, "cpu")!;
        var tasks = student.CreateTasks();
        teachers.Require(tasks);
        var loaded = Assert.Single(teachers.Of(tasks["kind"]));

        var rows = Inputs(teacher.Preprocessing);
        var input = loaded.Input!(Inputs(student));
        Near(rows, input);

        var expected = teacher.Predict(rows);
        var said = loaded.Network.Forward(
            MultiTaskBatch.Unlabelled(loaded.Network.Tasks.All, input),
            teacher.Tasks.All
        );
        Near(expected[1], loaded.Output!(tasks["kind"], said[1]));
        Near(
            Restore(expected[0], teacher.Preprocessing.Targets[0]),
            Restore(loaded.Output!(tasks["amount"], said[0]), student.Targets[0]),
            tolerance: 0.01
        );
    }

    [Fact]
    public void A_student_of_saved_models_learns_from_them_and_remembers_where_they_are()
    {
        var table = folder.Write("data.csv", Table(seed: 1, rows: 200, scale: 1, "red", "blue"));
        var job = Job(table, Taught);
        ThreeTargets
            .Train(
                job with
                {
                    Targets = Tables.Targets(Taught[0]),
                    Options = Without("kind"),
                    ModelFolder = folder.File("amount"),
                }
            )
            .Dispose();
        ThreeTargets
            .Train(
                job with
                {
                    Targets = Tables.Targets(Taught[1]),
                    Options = Without("amount"),
                    ModelFolder = folder.File("kind"),
                }
            )
            .Dispose();
        var run = job.Run with
        {
            Auxiliaries = ["soft-targets", "feature-distillation"],
            Teachers = [folder.File("amount"), folder.File("kind")],
        };

        using var alone = ThreeTargets.Train(job);
        using var student = ThreeTargets.Train(job with { Run = run, ModelFolder = folder.File("student") });
        using var loaded = TabularModel.Load(folder.File("student"));

        Assert.Equal(run.Teachers, loaded.Run.Teachers);
        Assert.Equal(run.Auxiliaries, loaded.Run.Auxiliaries);
        var rows = Inputs(student.Preprocessing);
        Near(student.Predict(rows)[1], loaded.Predict(rows)[1]);
        Assert.NotEqual(Tables.Numbers(alone.Predict(rows)[1]), Tables.Numbers(student.Predict(rows)[1]));
    }

    [Fact]
    public void Teachers_that_do_not_fit_are_refused_in_a_line_that_names_their_folder()
    {
        var table = Table(seed: 1, rows: 80, scale: 1, "red", "blue");
        Teach("teacher", table, Taught).Dispose();
        var job = Job(folder.Write("data.csv", table), Taught);

        Refuses<DirectoryNotFoundException>(job, "nobody", "there is no such folder");
        Refuses<ArgumentException>(
            job with
            {
                Options = Without("b"),
            },
            "teacher",
            "this teacher reads the column 'b', which this run does not; train the teacher without it, as with --ignore b."
        );
        Refuses<ArgumentException>(
            job with
            {
                Options = new TableOptions { Categorical = ["b"] },
            },
            "teacher",
            "differ in whether the column 'b' holds numbers or names"
        );
        Refuses<ArgumentException>(
            job with
            {
                Targets = Tables.Targets("amount:regression", "kind:binary"),
                Table = folder.Write("two.csv", table.Replace("mild", "cold", StringComparison.Ordinal)),
            },
            "teacher",
            "this teacher learned 'kind' as classification, but here it is binary"
        );
        Refuses<ArgumentException>(
            job with
            {
                Table = folder.Write("warm.csv", table.Replace("mild", "warm", StringComparison.Ordinal)),
            },
            "teacher",
            "this teacher knows 'kind' as one of cold, hot, mild, but here it is one of cold, hot, warm"
        );
        File.Delete(Path.Combine(folder.File("teacher"), "network.safetensors"));
        Refuses<FileNotFoundException>(job, "teacher", "network.safetensors: there is no such file");
    }

    private void Refuses<T>(TabularJob job, string teacher, string message)
        where T : Exception
    {
        var run = job.Run with { Auxiliaries = ["soft-targets"], Teachers = [folder.File(teacher)] };
        var refused = Assert.Throws<T>(() => TabularTraining.Prepare(job with { Run = run }));
        Assert.StartsWith(folder.File(teacher), refused.Message, StringComparison.Ordinal);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private TabularModel Teach(string name, string table, params string[] targets) =>
        ThreeTargets.Train(Job(folder.Write($"{name}.csv", table), targets) with { ModelFolder = folder.File(name) });

    private static TabularJob Job(string table, params string[] targets)
    {
        var job = ThreeTargets.Job(table);
        return job with { Targets = Tables.Targets(targets), Run = job.Run with { Epochs = 3 } };
    }

    private static TableOptions Without(string column) => new() { Ignore = [column] };

    private static Tensor Inputs(Preprocessing preprocessing)
    {
        using var reader = new FeatureReader(new StringReader(Probes), preprocessing);
        return torch.cat([.. reader.Read(16).Select(chunk => chunk.Input)]);
    }

    private static Tensor Restore(Tensor output, TargetEncoding target) =>
        output.mul(target.StandardDeviation).add(target.Mean);

    private static void Near(Tensor expected, Tensor actual, double tolerance = 1e-4) =>
        Assert.All(
            Tables.Numbers(expected.contiguous()).Zip(Tables.Numbers(actual.contiguous())),
            pair => Assert.Equal(pair.First, pair.Second, tolerance)
        );

    private static string Table(int seed, int rows, double scale, params string[] colours)
    {
        var random = new Random(seed);
        var text = new StringBuilder("a,b,colour,amount,kind\n");
        for (var row = 0; row < rows; row++)
        {
            var (a, b) = (scale * ((random.NextDouble() * 4) - 1), (random.NextDouble() * 4) - 2);
            var kind =
                a > scale ? "hot"
                : b > 0 ? "mild"
                : "cold";
            text.Append(
                CultureInfo.InvariantCulture,
                $"{(row % 7 == 3 ? "" : $"{a:0.000}")},{(row % 5 == 2 ? "" : $"{b:0.000}")},{colours[random.Next(colours.Length)]},{100 + (30 * a):0.00},{kind}\n"
            );
        }

        return text.ToString();
    }
}
