using System.Text;
using Plait.Data;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Tabular.Features;

/// <summary>Turns rows of a table into tensors: fitted on training rows, stored with the model, the same for new rows ever after.</summary>
/// <remarks>
/// Numbers are standardised, categories become one input each, regression targets are standardised: see
/// <see cref="NumericEncoding"/>, <see cref="CategoricalEncoding"/> and <see cref="TargetEncoding"/>. Rows that were not
/// training rows leave no trace in it.
/// </remarks>
public sealed class Preprocessing
{
    private readonly RowEncoder encoder;

    internal Preprocessing(
        TableSchema schema,
        IReadOnlyList<FeatureEncoding> features,
        IReadOnlyList<TargetEncoding> targets
    )
    {
        Schema = schema;
        Features = features;
        Targets = targets;
        encoder = new RowEncoder(schema, features);
    }

    /// <summary>What the table's columns hold.</summary>
    public TableSchema Schema { get; }

    /// <summary>How each column to learn from becomes inputs, in the schema's order.</summary>
    public IReadOnlyList<FeatureEncoding> Features { get; }

    /// <summary>How each target becomes a task's, in the schema's order.</summary>
    public IReadOnlyList<TargetEncoding> Targets { get; }

    /// <summary>Inputs a row.</summary>
    public int InputWidth => encoder.Width;

    /// <summary>What each input stands for.</summary>
    public IReadOnlyList<string> InputNames => [.. Features.SelectMany(feature => feature.InputNames)];

    /// <summary>What a user should know about the rows that it was fitted on, one sentence each; empty when it was loaded.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>The schema as the training rows alone would show it: any other category is unseen.</summary>
    internal TableSchema TrainedSchema =>
        Schema with
        {
            Features =
            [
                .. Features.Select(feature => new FeatureColumn(
                    feature.Name,
                    (feature as CategoricalEncoding)?.Categories
                )),
            ],
        };

    /// <summary>Learns means, spreads and categories from the training rows.</summary>
    /// <param name="data">All rows, with targets.</param>
    /// <param name="trainingRows">The places of the training rows, at least one; the others are only looked at for warnings.</param>
    /// <exception cref="TableException">A target is the same, or missing, in all training rows.</exception>
    /// <exception cref="ArgumentException">There is no training row, or a place is outside the data.</exception>
    public static Preprocessing Fit(TabularData data, ReadOnlySpan<long> trainingRows)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (trainingRows.IsEmpty)
        {
            throw new ArgumentException("There is no training row; give at least one.", nameof(trainingRows));
        }

        RequireRows(data, trainingRows);
        return new PreprocessingFit(data, trainingRows).Run();
    }

    /// <summary>The tasks to be learned, one a target, in the schema's order and with its names.</summary>
    /// <remarks>Metrics of a regression are in the target's own unit; R², the primary one, has none.</remarks>
    /// <param name="metrics">What judges each task, the primary one first; null for the metrics that tell most about its kind.</param>
    public TaskSet CreateTasks(Func<TargetEncoding, IReadOnlyList<Metric>>? metrics = null) =>
        new(Targets.Select(target => TargetTasks.Of(target, (metrics ?? TargetTasks.Metrics)(target))));

    /// <summary>The inputs of all rows.</summary>
    /// <param name="data">Rows of the same schema.</param>
    /// <returns>[rows, <see cref="InputWidth"/>], float, the caller's to dispose.</returns>
    public Tensor Transform(TabularData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Transform(data, AllRows(data));
    }

    /// <summary>The inputs of some rows.</summary>
    /// <param name="data">Rows of the same schema.</param>
    /// <param name="rows">The places of the wanted rows, in the wanted order.</param>
    /// <returns>[rows, <see cref="InputWidth"/>], float, the caller's to dispose.</returns>
    /// <exception cref="ArgumentException">The data is of another schema, or a place is outside it.</exception>
    public Tensor Transform(TabularData data, ReadOnlySpan<long> rows)
    {
        RequireSchema(data);
        RequireRows(data, rows);
        return encoder.Encode(data, rows);
    }

    /// <summary>The targets of some rows, one a task: standardised numbers, 0 and 1, or class numbers; with marks for missing ones.</summary>
    /// <param name="data">Rows of the same schema, with targets.</param>
    /// <param name="rows">The places of the wanted rows, in the wanted order.</param>
    /// <returns>Each [rows], the caller's to dispose.</returns>
    /// <exception cref="ArgumentException">The data is of another schema, or a place is outside it.</exception>
    /// <exception cref="InvalidOperationException">The data was read without targets.</exception>
    public IReadOnlyList<TaskTarget> TransformTargets(TabularData data, ReadOnlySpan<long> rows) =>
        TransformTargets(data, rows, ScalarType.Float32);

    private TaskTarget[] TransformTargets(TabularData data, ReadOnlySpan<long> rows, ScalarType numbers)
    {
        RequireSchema(data);
        RequireRows(data, rows);
        var result = new TaskTarget[Targets.Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = TargetTensors.Of(Targets[i], data, i, rows, numbers);
        }

        return result;
    }

    /// <summary>Inputs and targets of some rows.</summary>
    /// <param name="data">Rows of the same schema, with targets.</param>
    /// <param name="rows">The places of the wanted rows, in the wanted order.</param>
    /// <returns>Inputs [rows, <see cref="InputWidth"/>], and one target a task, [rows]; the caller's to dispose.</returns>
    public (Tensor Input, IReadOnlyList<TaskTarget> Targets) ToTensors(TabularData data, ReadOnlySpan<long> rows) =>
        (Transform(data, rows), TransformTargets(data, rows));

    /// <summary>Some rows as data to train or to judge with.</summary>
    /// <param name="data">Rows of the same schema, with targets.</param>
    /// <param name="rows">The places of the wanted rows, in the wanted order.</param>
    /// <param name="tasks">The tasks that <see cref="CreateTasks"/> gave.</param>
    /// <param name="toJudge">
    /// Whether regression targets keep double precision, so that metrics in a column's unit lose nothing of its values; single
    /// precision is what a network learns from.
    /// </param>
    /// <returns>The caller's to dispose.</returns>
    public TensorData ToTensorData(TabularData data, ReadOnlySpan<long> rows, TaskSet tasks, bool toJudge = false)
    {
        using var scope = torch.NewDisposeScope(); // the data keeps handles of its own
        var numbers = toJudge ? ScalarType.Float64 : ScalarType.Float32;
        return TensorData.Shared(tasks, Transform(data, rows), TransformTargets(data, rows, numbers));
    }

    /// <summary>Stores it as a JSON file, whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written; an earlier one is left as it was.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, ToJson());

    /// <summary>Takes it back from a JSON file.</summary>
    /// <exception cref="TableException">The file is absent, damaged or of another version.</exception>
    /// <exception cref="InvalidDataException">It is a pipe, a device or a folder.</exception>
    public static Preprocessing Load(string path)
    {
        StoredFile.Require(path);
        using var reader = TableFile.Open(path);
        try
        {
            return PreprocessingJson.Read(reader.ReadToEnd(), path);
        }
        catch (Exception e) when (e is DecoderFallbackException or IOException)
        {
            throw PreprocessingJson.Damaged(path, e);
        }
    }

    /// <summary>It as JSON, from which <see cref="FromJson"/> makes one that transforms every row to the same bits.</summary>
    public string ToJson() => PreprocessingJson.Write(this);

    /// <summary>Takes it back from JSON.</summary>
    /// <param name="json">What <see cref="ToJson"/> wrote.</param>
    /// <exception cref="TableException">The text is damaged or of another version.</exception>
    public static Preprocessing FromJson(string json) => PreprocessingJson.Read(json, "preprocessing");

    internal static long[] AllRows(TabularData data)
    {
        var rows = new long[data.Rows];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = row;
        }

        return rows;
    }

    private static void RequireRows(TabularData data, ReadOnlySpan<long> rows)
    {
        foreach (var row in rows)
        {
            if (row < 0 || row >= data.Rows)
            {
                throw new ArgumentException(
                    $"Row {row} is outside the data, whose rows are 0 to {data.Rows - 1}.",
                    nameof(rows)
                );
            }
        }
    }

    private void RequireSchema(TabularData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!ReferenceEquals(data.Schema, Schema) && !SameColumns(data.Schema))
        {
            throw new ArgumentException(
                "The data was read with another schema; read it with this preprocessing's Schema.",
                nameof(data)
            );
        }
    }

    private bool SameColumns(TableSchema other) =>
        other.Features.Select(Key).SequenceEqual(Schema.Features.Select(Key))
        && other.Targets.Select(Key).SequenceEqual(Schema.Targets.Select(Key));

    private static string Key(FeatureColumn column) =>
        $"{column.Name}\n{(column.Categories is null ? "" : string.Join('\n', column.Categories))}";

    private static string Key(TargetColumn column) =>
        $"{column.Name}\n{column.Kind}\n{string.Join('\n', column.Classes)}";
}
