using Plait.Benchmarks.Reading;
using Plait.Data;
using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Vision;

/// <summary>The handwritten characters of eight alphabets; each alphabet is a task with images of its own.</summary>
/// <remarks>
/// From the two small background sets of Omniglot (Lake, Salakhutdinov, Tenenbaum 2015), box-filtered to 28 x 28, ink bright, from
/// 0 to 1. Twenty people drew every character once: drawers 1 to 10 are for training, 11 to 14 for validation, 15 to 20 for the
/// test, so the test asks for unseen handwriting. There is no chance in this split.
/// </remarks>
public sealed class Omniglot8 : Benchmark
{
    private const int LastTrainingDrawer = 10;
    private const int LastValidationDrawer = 14;
    private const int Drawers = 20;
    private const string ImageFile = "images-28x28-idx3-ubyte";
    private const string LabelFile = "labels.csv";

    private static readonly (string Task, string Alphabet, int Characters)[] Alphabets =
    [
        ("balinese", "Balinese", 24),
        ("early-aramaic", "Early_Aramaic", 22),
        ("greek", "Greek", 24),
        ("katakana", "Japanese_(katakana)", 47),
        ("korean", "Korean", 40),
        ("latin", "Latin", 26),
        ("sanskrit", "Sanskrit", 42),
        ("tagalog", "Tagalog", 17),
    ];

    /// <inheritdoc/>
    public override string Name => "omniglot8";

    /// <inheritdoc/>
    public override string Title => "Omniglot, eight alphabets";

    /// <inheritdoc/>
    public override string Summary =>
        "Characters of eight alphabets, each with images of its own, by drawers never seen before.";

    /// <inheritdoc/>
    public override string Licence => "MIT (Brenden Lake)";

    /// <inheritdoc/>
    public override string Citation =>
        "Lake, Salakhutdinov, Tenenbaum 2015, Human-level concept learning through probabilistic program induction, Science 350";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(Alphabets.Select(alphabet => LearningTask.Classification(alphabet.Task, alphabet.Characters)));

    /// <inheritdoc/>
    public override RowStreams Streams => RowStreams.PerTask(Tasks);

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("lenet:dropout=0.1", BatchSize: 16, Epochs: 40, LearningRate: 2e-3, Patience: 8);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["drawers"];

    /// <inheritdoc/>
    protected override DataParts Read(BenchmarkOptions options)
    {
        var files = new BenchmarkFiles(Name, options.DataDirectory);
        var table = ReadTable(options);
        var images = files.ReadIdx(ImageFile);
        if (images.dim() != 3 || images.shape[0] != table.Rows)
        {
            throw new InvalidDataException(
                $"'{ImageFile}' holds shape {TargetShapes.Text(images.shape)}; expected one image for each of the {table.Rows} rows of '{LabelFile}'."
            );
        }

        var pixels = images.to(ScalarType.Float32).div_(byte.MaxValue).unsqueeze(1);
        var rows = RowsOfTasks(table);
        var inputs = new Tensor[Alphabets.Length];
        var targets = new TaskTarget[Alphabets.Length];
        for (var task = 0; task < Alphabets.Length; task++)
        {
            inputs[task] = pixels.index_select(0, torch.tensor(rows[task]));
            targets[task] = TaskTarget.Of(torch.tensor(ReadCharacters(table, task, rows[task])));
        }

        using var whole = TensorData.PerTask(Tasks, inputs, targets);
        var drawers = ReadDrawers(table);
        return new(
            Part(drawer => drawer <= LastTrainingDrawer),
            Part(drawer => drawer is > LastTrainingDrawer and <= LastValidationDrawer),
            Part(drawer => drawer > LastValidationDrawer)
        );

        TensorData Part(Func<int, bool> isIn) =>
            whole.Subset([
                .. rows.Select(own =>
                    Enumerable.Range(0, own.Length).Where(i => isIn(drawers[own[i]])).Select(i => (long)i).ToArray()
                ),
            ]);
    }

    internal static CsvColumns ReadTable(BenchmarkOptions options) =>
        CsvColumns.Read(
            new BenchmarkFiles("omniglot8", options.DataDirectory),
            LabelFile,
            "alphabet",
            "character",
            "drawer"
        );

    private static long[][] RowsOfTasks(CsvColumns table)
    {
        var tasks = table.Classes("alphabet", [.. Alphabets.Select(alphabet => alphabet.Alphabet)]);
        return
        [
            .. Alphabets.Select(
                (_, task) =>
                    Enumerable.Range(0, table.Rows).Where(row => tasks[row] == task).Select(row => (long)row).ToArray()
            ),
        ];
    }

    private static long[] ReadCharacters(CsvColumns table, int task, long[] rows)
    {
        var texts = rows.Select(row => table["character"][(int)row]).ToArray();
        string[] names = [.. texts.Distinct().Order(StringComparer.Ordinal)];
        return names.Length == Alphabets[task].Characters
            ? [.. texts.Select(text => (long)Array.IndexOf(names, text))]
            : throw new InvalidDataException(
                $"'{LabelFile}' has {names.Length} characters of {Alphabets[task].Alphabet}; expected {Alphabets[task].Characters}."
            );
    }

    private static int[] ReadDrawers(CsvColumns table)
    {
        var drawers = table.Numbers("drawer");
        return
            Array.FindIndex(drawers, drawer => drawer is < 1 or > Drawers || drawer != MathF.Floor(drawer))
                is >= 0
                    and var wrong
            ? throw table.Fault(wrong, "drawer", $"1 to {Drawers}")
            : [.. drawers.Select(drawer => (int)drawer)];
    }
}
