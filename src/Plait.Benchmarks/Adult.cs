using Plait.Benchmarks.Reading;
using Plait.Data;
using Plait.Tasks;

namespace Plait.Benchmarks;

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
    private const double ValidationFraction = 0.1;
    private const string Income = "income";
    private const string MaritalStatus = "marital-status";

    private static readonly string[] IncomeClasses = ["<=50K", ">50K"];

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

    private static readonly string[] SkewedColumns = ["capital-gain", "capital-loss"];
    private static readonly string[] NumberColumns = ["age", "education-num", "hours-per-week", .. SkewedColumns];

    private static readonly string[] TextColumns =
    [
        "workclass",
        "education",
        "occupation",
        "race",
        "sex",
        "native-country",
    ];

    /// <inheritdoc/>
    public override string Name => "adult";

    /// <inheritdoc/>
    public override string Title => "Adult census income";

    /// <inheritdoc/>
    public override string Summary =>
        "Income above 50,000 dollars and marital status of 48,842 people of the US census of 1994.";

    /// <inheritdoc/>
    public override string Licence => "CC BY 4.0 (UCI Machine Learning Repository)";

    /// <inheritdoc/>
    public override string Citation =>
        "Kohavi 1996, Scaling up the accuracy of naive-Bayes classifiers: a decision-tree hybrid, KDD";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(LearningTask.Binary(Income), LearningTask.Classification(MaritalStatus, MaritalClasses.Length));

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("mlp:widths=64-32", BatchSize: 256, Epochs: 15, LearningRate: 1e-3, Patience: 4);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["official"];

    /// <summary>The names of the input's columns, in order: numbers, then "column=value".</summary>
    internal static IEnumerable<string> InputNames(CsvColumns train) =>
        NumberColumns.Concat(
            TextColumns.SelectMany(column => Values(train, column).Select(value => $"{column}={value}"))
        );

    /// <inheritdoc/>
    protected override BenchmarkData Read(BenchmarkOptions options)
    {
        var train = ReadTable(options, "adult-train.csv");
        var test = ReadTable(options, "adult-test.csv");
        var income = torch.cat([Labels(train, Income, IncomeClasses), Labels(test, Income, IncomeClasses)]);
        var marital = torch.cat([
            Labels(train, MaritalStatus, MaritalClasses),
            Labels(test, MaritalStatus, MaritalClasses),
        ]);
        var rows = Divide(train, test, options.Seed);
        var numbers = torch.cat([Numbers(train), Numbers(test)]);
        using var whole = TensorData.Shared(
            Tasks,
            torch.cat(
                [
                    Standardisation.ByTrainingRows(numbers, rows[0]),
                    torch.cat([OneHot(train, train), OneHot(train, test)]),
                ],
                1
            ),
            [TaskTarget.Of(income.to(ScalarType.Float32)), TaskTarget.Of(marital)]
        );
        return BenchmarkData.Divide(whole, rows);
    }

    internal static CsvColumns ReadTable(BenchmarkOptions options, string file) =>
        CsvColumns.Read(
            new BenchmarkFiles("adult", options.DataDirectory),
            file,
            [.. NumberColumns, .. TextColumns, Income, MaritalStatus]
        );

    private static IReadOnlyList<long[]> Divide(CsvColumns train, CsvColumns test, long seed)
    {
        var income = train.Classes(Income, IncomeClasses);
        var marital = train.Classes(MaritalStatus, MaritalClasses);
        long[] cells = [.. income.Zip(marital, (first, second) => (first * MaritalClasses.Length) + second)];
        return
        [
            .. Splits.Stratified(cells, [1 - ValidationFraction, ValidationFraction], seed),
            [.. Enumerable.Range(train.Rows, test.Rows).Select(row => (long)row)],
        ];
    }

    private static Tensor Labels(CsvColumns table, string column, string[] classes) =>
        torch.tensor(table.Classes(column, classes));

    private static Tensor Numbers(CsvColumns table) =>
        torch.stack(
            [
                .. NumberColumns.Select(column =>
                {
                    var numbers = torch.tensor(table.Numbers(column));
                    return SkewedColumns.Contains(column) ? numbers.log1p() : numbers;
                }),
            ],
            1
        );

    private static string[] Values(CsvColumns train, string column) =>
        [.. train[column].Distinct().Order(StringComparer.Ordinal)];

    private static Tensor OneHot(CsvColumns train, CsvColumns table)
    {
        var vocabularies = TextColumns.Select(column => Values(train, column)).ToArray();
        var width = vocabularies.Sum(values => values.Length);
        var cells = new float[table.Rows * width];
        var start = 0;
        foreach (var (column, values) in TextColumns.Zip(vocabularies))
        {
            var places = values.Select((value, place) => (value, place)).ToDictionary();
            for (var row = 0; row < table.Rows; row++)
            {
                if (places.TryGetValue(table[column][row], out var place))
                {
                    cells[(row * width) + start + place] = 1;
                }
            }

            start += values.Length;
        }

        return torch.tensor(cells, [table.Rows, width]);
    }
}
