using System.Globalization;
using System.Text;
using Plait.Faults.Processes;
using Plait.Jobs.Runs;

namespace Plait.Faults.Commands;

/// <summary>A `plait train` in a folder of its own, that is broken off and resumed.</summary>
internal sealed class TableTraining : IDisposable
{
    private static readonly Dictionary<string, IReadOnlyDictionary<string, byte[]>> Unbroken = new(
        StringComparer.Ordinal
    );

    private readonly Folder folder = new();
    private readonly int rows;
    private readonly string[] options;

    /// <param name="rows">Rows of the table.</param>
    /// <param name="options">Options of the training beside its targets and places.</param>
    public TableTraining(int rows, params string[] options)
    {
        this.rows = rows;
        this.options = options;
        Directory.CreateDirectory(Disk);
        File.WriteAllText(Table, Houses(rows));
    }

    public string Table => folder.Of("houses.csv");

    /// <summary>The folder of the run store and the model.</summary>
    public string Disk => folder.Of("disk");

    public string Model => Path.Combine(Disk, "model");

    public string Store => Path.Combine(Disk, "store");

    /// <summary>The command that starts the training.</summary>
    public string[] Command =>
        [
            "train",
            Table,
            .. new[] { "-t", "price:regression", "-t", "sold:binary", "-o", Model, "--store", Store },
            .. options,
            .. PlaitProgram.OftenSaved,
        ];

    /// <summary>The run, where the store has one already.</summary>
    public RunRecord? Run
    {
        get
        {
            if (!Directory.Exists(Store))
            {
                return null;
            }

            using var store = RunStore.Open(Store);
            return store.List().SingleOrDefault();
        }
    }

    /// <summary>How many epochs the store has heard of.</summary>
    public int Epochs
    {
        get
        {
            if (Run is not { } run)
            {
                return 0;
            }

            using var store = RunStore.Open(Store);
            return store.Measurements(run.Id).Select(row => row.Epoch).Distinct().Count();
        }
    }

    /// <summary>The folder of the run's checkpoints.</summary>
    public string Checkpoints => Path.Combine(Store, "runs", Run!.Id, "checkpoints");

    /// <summary>The command that goes on, or that starts anew where nothing is kept yet; null where the run is finished.</summary>
    public string[]? Next() =>
        Run switch
        {
            null => Command,
            { Status: RunStatus.Finished } => null,
            { Id: var id } => ["resume", id, "--store", Store],
        };

    /// <summary>Goes on, as often as is needed, to the end.</summary>
    public Ending Finish() => PlaitProgram.Run(Next() ?? ["runs", "--store", Store]).Succeeds();

    /// <summary>Lets another command clear away the checkpoints of this run, where a kill came between its end and that.</summary>
    public void ClearFinished()
    {
        if (!Directory.Exists(Checkpoints))
        {
            return;
        }

        string[] another = ["-t", "price", "-o", folder.Of("another"), "--store", Store, "--epochs", "1"];
        PlaitProgram.Run(["train", Table, .. another]).Succeeds();
        PlaitProgram.Run(["runs", RunStore.Last, "--delete", "--store", Store]).Succeeds();
    }

    /// <summary>What this training left that is not what the same one left in one piece; that one is run once.</summary>
    /// <param name="predictions">Whether predictions are compared too; they take a process of their own.</param>
    public IReadOnlyList<string> Differences(bool predictions = false)
    {
        var key = $"{rows} {predictions} {string.Join(' ', options)}";
        if (!Unbroken.TryGetValue(key, out var expected))
        {
            using var whole = new TableTraining(rows, options);
            whole.Finish();
            Unbroken[key] = expected = whole.Outcome(predictions);
        }

        return Folder.Differences(expected, Outcome(predictions));
    }

    /// <summary>All that the training leaves: the model's files, what the model predicts, and what the store keeps, less the seconds.</summary>
    private SortedDictionary<string, byte[]> Outcome(bool predictions)
    {
        var left = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, content) in Folder.Contents(Model))
        {
            left[name] = content;
        }

        if (predictions)
        {
            PlaitProgram.Run(["predict", Model, Table, "-o", folder.Of("predictions.csv")]).Succeeds();
            left["predictions.csv"] = File.ReadAllBytes(folder.Of("predictions.csv"));
        }

        using var store = RunStore.Open(Store);
        var run = Run!;
        left["status"] = Bytes($"{run.Status}");
        left["measurements"] = Bytes(string.Join('\n', store.Measurements(run.Id).Select(row => row.ToString())));
        left["diagnostics"] = Bytes(string.Join('\n', store.Diagnostics(run.Id).Select(row => row.ToString())));
        left["run folder"] = Bytes(
            string.Join('\n', Directory.GetFileSystemEntries(store.FolderOf(run.Id)).Select(Path.GetFileName))
        );
        return left;
    }

    public void Dispose() => folder.Dispose();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Houses(int rows)
    {
        var random = new Random(1);
        string[] districts = ["harbour", "old town", "east"];
        var text = new StringBuilder("area,district,price,sold\n");
        for (var row = 0; row < rows; row++)
        {
            var (area, district) = (random.Next(30, 200), random.Next(3));
            var price = (area * (4 - district)) + random.Next(-20, 20);
            text.Append(
                CultureInfo.InvariantCulture,
                $"{area},{districts[district]},{(row % 10 == 9 ? "" : price)},{(price > 300 ? "no" : "yes")}\n"
            );
        }

        return text.ToString();
    }
}
