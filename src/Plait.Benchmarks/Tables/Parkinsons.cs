using Plait.Benchmarks.Reading;
using Plait.Data;
using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Tables;

/// <summary>Two scores of Parkinson's disease from recordings of the voice at home, for patients never seen before.</summary>
/// <remarks>
/// Tsanas et al. 2010: 5,875 recordings of 42 patients, 16 measures of the voice with age, sex and days since the trial began. All
/// recordings of a patient are in one part: with a random split a network recognises the patient instead. Inputs and targets are
/// standardised by the training part, so errors are in standard deviations of its scores.
/// </remarks>
public sealed class Parkinsons : Benchmark
{
    private const string File = "parkinsons_updrs.csv";
    private const string Patient = "subject#";

    private static readonly string[] Inputs =
    [
        "age",
        "sex",
        "test_time",
        "Jitter(%)",
        "Jitter(Abs)",
        "Jitter:RAP",
        "Jitter:PPQ5",
        "Jitter:DDP",
        "Shimmer",
        "Shimmer(dB)",
        "Shimmer:APQ3",
        "Shimmer:APQ5",
        "Shimmer:APQ11",
        "Shimmer:DDA",
        "NHR",
        "HNR",
        "RPDE",
        "DFA",
        "PPE",
    ];

    private static readonly string[] Scores = ["motor_UPDRS", "total_UPDRS"];
    private static readonly double[] Fractions = [0.7, 0.1, 0.2];

    /// <inheritdoc/>
    public override string Name => "parkinsons";

    /// <inheritdoc/>
    public override string Title => "Parkinson's telemonitoring";

    /// <inheritdoc/>
    public override string Summary =>
        "Motor and total UPDRS score of 42 patients from 5,875 voice recordings; patients are kept together.";

    /// <inheritdoc/>
    public override string Licence => "CC BY 4.0 (UCI Machine Learning Repository)";

    /// <inheritdoc/>
    public override string Citation =>
        "Tsanas, Little, McSharry, Ramig 2010, Accurate telemonitoring of Parkinson's disease progression by noninvasive speech tests, IEEE Transactions on Biomedical Engineering 57";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(LearningTask.Regression("motor-updrs"), LearningTask.Regression("total-updrs"));

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("mlp:widths=64-32,dropout=0.1", BatchSize: 64, Epochs: 40, LearningRate: 1e-3, Patience: 8);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["patients"];

    /// <inheritdoc/>
    protected override DataParts Read(BenchmarkOptions options)
    {
        var table = ReadTable(options);
        var rows = Divide(table, options);
        var inputs = Standardisation.ByTrainingRows(Stack(table, Inputs), rows[0]);
        var scores = Standardisation.ByTrainingRows(Stack(table, Scores), rows[0]);
        using var whole = TensorData.Shared(
            Tasks,
            inputs,
            [.. Scores.Select((_, task) => TaskTarget.Of(scores.select(1, task).contiguous()))]
        );
        return DataParts.Divide(whole, rows);
    }

    internal static CsvColumns ReadTable(BenchmarkOptions options) =>
        CsvColumns.Read(new BenchmarkFiles("parkinsons", options.DataDirectory), File, [Patient, .. Inputs, .. Scores]);

    internal static IReadOnlyList<long[]> Divide(CsvColumns table, BenchmarkOptions options) =>
        Splits.Grouped(table[Patient], Fractions, options.Seed);

    private static Tensor Stack(CsvColumns table, string[] columns) =>
        torch.stack([.. columns.Select(column => torch.tensor(table.Numbers(column)))], 1);
}
