using Plait.Benchmarks.Reading;
using Plait.Data;
using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Tables;

/// <summary>Whether an adult earns more than 50,000 dollars a year, and the marital status, from a census.</summary>
/// <remarks>
/// Kohavi 1996, with the official training and test files; a tenth of the training file, in proportion by both targets, is for
/// validation. The tasks follow MMoE (Ma et al. 2018), which pairs income with marital status on a larger census. Not inputs: the
/// relationship to the household, which gives the marital status away, and fnlwgt, the number of people that a row stands for.
/// Text columns are one-hot over the values in the training file, "?" (not known) being a value of its own; a value seen only
/// in the test file is all zeros. Numbers are standardised by the training part, the two skewed capital columns after log(1 + x).
/// </remarks>
public sealed class Adult : Benchmark
{
    private const string MaritalStatus = "marital-status";

    private static readonly AdultCensus Census = new(
        ["age", "education-num", "hours-per-week", "capital-gain", "capital-loss"],
        ["workclass", "education", "occupation", "race", "sex", "native-country"],
        [AdultCensus.Income, MaritalStatus]
    );

    private static readonly string[] MaritalClasses =
    [
        "Married-civ-spouse",
        "Divorced",
        "Never-married",
        "Separated",
        "Widowed",
        "Married-spouse-absent",
        "Married-AF-spouse",
    ];

    /// <inheritdoc/>
    public override string Name => "adult";

    /// <inheritdoc/>
    public override string Title => "Adult census income";

    /// <inheritdoc/>
    public override string Summary =>
        "Income above 50,000 dollars and marital status of 48,842 people of the US census of 1994.";

    /// <inheritdoc/>
    public override string Licence => AdultCensus.Licence;

    /// <inheritdoc/>
    public override string Citation => AdultCensus.Citation;

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(LearningTask.Binary(AdultCensus.Income), LearningTask.Classification(MaritalStatus, MaritalClasses.Length));

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("mlp:widths=64-32", BatchSize: 256, Epochs: 15, LearningRate: 1e-3, Patience: 4);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["official"];

    /// <summary>The names of the input's columns, in order: numbers, then "column=value".</summary>
    internal static IEnumerable<string> InputNames(CsvColumns train) => Census.InputNames(train);

    /// <inheritdoc/>
    protected override DataParts Read(BenchmarkOptions options)
    {
        var train = ReadTable(options, AdultCensus.TrainingFile);
        var test = ReadTable(options, AdultCensus.TestFile);
        var income = AdultCensus.Labels(train, test, AdultCensus.Income, AdultCensus.IncomeClasses);
        var marital = AdultCensus.Labels(train, test, MaritalStatus, MaritalClasses);
        var rows = AdultCensus.Divide(train, test, MaritalStatus, MaritalClasses, options.Seed);
        using var whole = TensorData.Shared(
            Tasks,
            Census.Inputs(train, test, rows[0]),
            [TaskTarget.Of(income.to(ScalarType.Float32)), TaskTarget.Of(marital)]
        );
        return DataParts.Divide(whole, rows);
    }

    internal static CsvColumns ReadTable(BenchmarkOptions options, string file) => Census.Read(options, file);
}
