using Plait.Benchmarks.Comparison;
using Plait.Cli.Display;
using Plait.Jobs;
using Spectre.Console;

namespace Plait.Cli.Tests.Display;

[Collection("torch")]
public sealed class SkippedStepsTests
{
    private static readonly ComparisonPlan Plan = new()
    {
        Benchmark = "parkinsons",
        Seeds = [0],
        Recipes = [ComparedRecipe.Of("hps", "uncertainty")],
        Settings = new(),
    };

    [Fact]
    public void Table_of_a_comparison_counts_skipped_steps_for_each_recipe()
    {
        var table = Plan.Table([Result(skipped: 5), Result(0, "motor-updrs"), Result(0, "total-updrs")]);
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;

        ComparisonTables.Write(console, table);

        Assert.Equal([0, 5], table.Rows.Select(row => row.SkippedSteps));
        Assert.Equal([0, 5], ComparisonTable.FromJson(table.ToJson()).Rows.Select(row => row.SkippedSteps));
        Assert.Contains("over all seeds: hps + uncertainty 5", text.ToString(), StringComparison.Ordinal);
    }

    private static JobResult Result(int skipped, params string[] tasks)
    {
        string[] names = tasks.Length == 0 ? ["motor-updrs", "total-updrs"] : tasks;
        IReadOnlyDictionary<string, double?> metrics = new Dictionary<string, double?>
        {
            ["mse"] = 1,
            ["mae"] = 1,
            ["rmse"] = 1,
            ["r2"] = 0.5,
        };
        return new JobResult(names.ToDictionary(name => name, _ => metrics), 10, 1, 0, 1, skipped);
    }
}
