using Plait.Benchmarks.Reading;
using Plait.Data;

namespace Plait.Benchmarks.Tables;

/// <summary>The files of the Adult census, as benchmarks read them.</summary>
/// <param name="numbers">Columns of numbers that are inputs.</param>
/// <param name="texts">Columns of texts that are inputs.</param>
/// <param name="targets">Columns that are to be learned.</param>
internal sealed class AdultCensus(string[] numbers, string[] texts, string[] targets)
{
    /// <summary>The column of the income.</summary>
    public const string Income = "income";

    /// <summary>The official training file.</summary>
    public const string TrainingFile = "adult-train.csv";

    /// <summary>The official test file.</summary>
    public const string TestFile = "adult-test.csv";

    /// <summary>The licence of the files.</summary>
    public const string Licence = "CC BY 4.0 (UCI Machine Learning Repository)";

    /// <summary>What to cite.</summary>
    public const string Citation =
        "Kohavi 1996, Scaling up the accuracy of naive-Bayes classifiers: a decision-tree hybrid, KDD";

    private const double ValidationFraction = 0.1;

    private static readonly string[] SkewedColumns = ["capital-gain", "capital-loss"];

    /// <summary>The two incomes.</summary>
    public static IReadOnlyList<string> IncomeClasses { get; } = ["<=50K", ">50K"];

    /// <summary>The wanted columns of a file.</summary>
    public CsvColumns Read(BenchmarkOptions options, string file) =>
        CsvColumns.Read(new BenchmarkFiles("adult", options.DataDirectory), file, [.. numbers, .. texts, .. targets]);

    /// <summary>The names of the input's columns, in order: numbers, then "column=value".</summary>
    public IEnumerable<string> InputNames(CsvColumns train) =>
        numbers.Concat(texts.SelectMany(column => Values(train, column).Select(value => $"{column}={value}")));

    /// <summary>Numbers, standard by the training part, the skewed ones after log(1 + x); then the texts, one-hot over the training file's values.</summary>
    /// <returns>[rows, inputs], the test file's rows last.</returns>
    public Tensor Inputs(CsvColumns train, CsvColumns test, long[] trainingRows) =>
        torch.cat(
            [
                Standardisation.ByTrainingRows(torch.cat([Numbers(train), Numbers(test)]), trainingRows),
                torch.cat([OneHot(train, train), OneHot(train, test)]),
            ],
            1
        );

    /// <summary>The places of a column's texts among the classes, the test file's last.</summary>
    public static Tensor Labels(CsvColumns train, CsvColumns test, string column, IReadOnlyList<string> classes) =>
        torch.cat([torch.tensor(train.Classes(column, classes)), torch.tensor(test.Classes(column, classes))]);

    /// <summary>The rows of the three parts: the training file in proportion by income and another column, and the test file.</summary>
    public static IReadOnlyList<long[]> Divide(
        CsvColumns train,
        CsvColumns test,
        string column,
        IReadOnlyList<string> classes,
        long seed
    )
    {
        var income = train.Classes(Income, IncomeClasses);
        var other = train.Classes(column, classes);
        long[] cells = [.. income.Zip(other, (first, second) => (first * classes.Count) + second)];
        return
        [
            .. Splits.Stratified(cells, [1 - ValidationFraction, ValidationFraction], seed),
            [.. Enumerable.Range(train.Rows, test.Rows).Select(row => (long)row)],
        ];
    }

    private static string[] Values(CsvColumns train, string column) =>
        [.. train[column].Distinct().Order(StringComparer.Ordinal)];

    private Tensor Numbers(CsvColumns table) =>
        torch.stack(
            [
                .. numbers.Select(column =>
                {
                    var values = torch.tensor(table.Numbers(column));
                    return SkewedColumns.Contains(column) ? values.log1p() : values;
                }),
            ],
            1
        );

    private Tensor OneHot(CsvColumns train, CsvColumns table)
    {
        var vocabularies = texts.Select(column => Values(train, column)).ToArray();
        var width = vocabularies.Sum(values => values.Length);
        var cells = new float[table.Rows * width];
        var start = 0;
        foreach (var (column, values) in texts.Zip(vocabularies))
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
