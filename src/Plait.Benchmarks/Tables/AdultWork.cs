using System.Globalization;
using Plait.Data;
using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Tables;

/// <summary>How far an adult went to school, the hours worked a week, and whether more than 50,000 dollars a year are earned, from a census.</summary>
/// <remarks>
/// The files of <see cref="Adult"/> with targets of three kinds: 16 levels of schooling in their order (1 is preschool, 16 a doctorate), a count
/// of hours from 1 to 99, and yes or no. Nothing that tells the schooling is an input. The official test file; a tenth of the training
/// file, in proportion by income and schooling, is for validation. The set of tasks is this library's own, from no paper.
/// </remarks>
public sealed class AdultWork : Benchmark
{
    private const string Schooling = "education-num";
    private const string Hours = "hours-per-week";
    private const double UsualHours = 40; // a full week

    private static readonly string[] Levels =
    [
        .. Enumerable.Range(1, 16).Select(level => level.ToString(CultureInfo.InvariantCulture)),
    ];

    private static readonly AdultCensus Census = new(
        ["age", "capital-gain", "capital-loss"],
        ["workclass", "marital-status", "occupation", "race", "sex", "native-country"],
        [Schooling, Hours, AdultCensus.Income]
    );

    /// <inheritdoc/>
    public override string Name => "adult-work";

    /// <inheritdoc/>
    public override string Title => "Adult census schooling and work";

    /// <inheritdoc/>
    public override string Summary =>
        "Schooling in 16 levels, hours of work a week and income above 50,000 dollars of 48,842 people of the US census of 1994.";

    /// <inheritdoc/>
    public override string Licence => AdultCensus.Licence;

    /// <inheritdoc/>
    public override string Citation => AdultCensus.Citation;

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(
            LearningTask.Ordinal("schooling", Levels.Length),
            LearningTask.Count("hours", mean: UsualHours),
            LearningTask.Binary(AdultCensus.Income)
        );

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("mlp:widths=64-32", BatchSize: 256, Epochs: 15, LearningRate: 1e-3, Patience: 4);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["official"];

    /// <inheritdoc/>
    protected override DataParts Read(BenchmarkOptions options)
    {
        var train = Census.Read(options, AdultCensus.TrainingFile);
        var test = Census.Read(options, AdultCensus.TestFile);
        var income = AdultCensus.Labels(train, test, AdultCensus.Income, AdultCensus.IncomeClasses);
        var rows = AdultCensus.Divide(train, test, Schooling, Levels, options.Seed);
        using var whole = TensorData.Shared(
            Tasks,
            Census.Inputs(train, test, rows[0]),
            [
                TaskTarget.Of(AdultCensus.Labels(train, test, Schooling, Levels)),
                TaskTarget.Of(torch.cat([torch.tensor(train.Numbers(Hours)), torch.tensor(test.Numbers(Hours))])),
                TaskTarget.Of(income.to(ScalarType.Float32)),
            ]
        );
        return DataParts.Divide(whole, rows);
    }
}
