using System.Globalization;
using System.Text.Json;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class EvaluateCommandTests : IDisposable
{
    private readonly Workplace workplace = new();

    [Fact]
    public async Task Numbers_equal_those_computed_from_the_predictions()
    {
        await TrainAsync();
        var text = Workplace.Houses(2000, seed: 5);
        var table = workplace.Write("labelled.csv", text);

        var report = (await workplace.RunAsync("evaluate", workplace.File("model"), table, "--json")).Succeeds().Output;
        var predictions = (await workplace.RunAsync("predict", workplace.File("model"), table)).Succeeds().Output;

        using var document = JsonDocument.Parse(report);
        var truth = Rows(text);
        var said = Rows(predictions);
        var pairs = truth.Zip(said).ToArray();
        var priced = pairs.Where(pair => pair.First["price"].Length > 0).ToArray();
        Assert.Equal(2000, document.RootElement.GetProperty("rows").GetInt32());
        Assert.Equal(priced.Length, document.RootElement.GetProperty("targets")[0].GetProperty("rows").GetInt32());
        Close(priced.Average(pair => Math.Abs(Number(pair.First["price"]) - Number(pair.Second["price"]))), 0, "mae");
        Close(pairs.Average(pair => pair.First["sold"] == pair.Second["sold"] ? 1.0 : 0), 1, "accuracy");
        Close(pairs.Average(pair => -Math.Log(Probability(pair))), 1, "log-loss");
        Close(
            Area(pairs.Select(pair => (pair.First["sold"] == "yes", Number(pair.Second["sold_probability"])))),
            1,
            "auc"
        );
        Close(pairs.Average(pair => pair.First["energy"] == pair.Second["energy"] ? 1.0 : 0), 2, "accuracy");

        void Close(double expected, int target, string metric)
        {
            var value = document.RootElement.GetProperty("targets")[target].GetProperty("metrics").GetProperty(metric);
            Assert.InRange(
                value.GetDouble(),
                expected - (1e-5 * Math.Abs(expected)),
                expected + (1e-5 * Math.Abs(expected))
            );
        }
    }

    [Fact]
    public async Task Only_chosen_metrics_are_printed()
    {
        await TrainAsync();
        var table = workplace.Write("labelled.csv", Workplace.Houses(50, seed: 5));

        var answer = await workplace.RunAsync(
            "evaluate",
            workplace.File("model"),
            table,
            "--metrics",
            "macro-f1, rmse"
        );

        Assert.Contains("macro f1", answer.Succeeds().Output, StringComparison.Ordinal);
        Assert.Contains("rmse", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("auc", answer.Output, StringComparison.Ordinal);
        (await workplace.RunAsync("evaluate", workplace.File("model"), table, "--metrics", "acuracy")).FailsWith(
            ExitCode.Usage,
            "There is no metric 'acuracy' (did you mean 'accuracy'?)."
        );
        (await workplace.RunAsync("evaluate", workplace.File("model"), table, "--metrics", "xyz")).FailsWith(
            ExitCode.Usage,
            "There is no metric 'xyz'; choose from accuracy, balanced-accuracy"
        );
    }

    [Fact]
    public async Task A_target_without_a_row_that_counts_is_warned_of()
    {
        var table = workplace.Write("unsold.csv", "area,district,price,sold,energy\n70,east,,no,fair\n90,east,,yes,\n");
        await TrainAsync();

        var answer = (await workplace.RunAsync("evaluate", workplace.File("model"), table)).Succeeds();

        Assert.Contains("No row counts for target 'price'", Assert.Single(answer.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metric_that_compares_rows_says_when_there_is_nothing_to_tell_apart()
    {
        await TrainAsync();
        var rows = Rows(Workplace.Houses(40, seed: 5))
            .Select(row => $"{row["id"]},{row["area"]},{row["district"]},300,yes,{row["energy"]}");
        var table = workplace.Write("alike.csv", $"id,area,district,price,sold,energy\n{string.Join('\n', rows)}\n");

        var answer = (await workplace.RunAsync("evaluate", workplace.File("model"), table)).Succeeds();

        Assert.Equal(2, answer.Errors.Length);
        Assert.Contains("Target 'price' has no r2 on these rows", answer.Errors[0], StringComparison.Ordinal);
        Assert.Contains("Target 'sold' has no auc on these rows", answer.Errors[1], StringComparison.Ordinal);
    }

    public void Dispose() => workplace.Dispose();

    private async Task TrainAsync() =>
        (
            await workplace.TrainAsync(workplace.Write("houses.csv", Workplace.Houses(300)), "model", "--ignore", "id")
        ).Succeeds();

    private static Dictionary<string, string>[] Rows(string csv)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var names = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => names.Zip(line.Split(',')).ToDictionary(p => p.First, p => p.Second))];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double Probability((Dictionary<string, string> Truth, Dictionary<string, string> Said) row)
    {
        var positive = Number(row.Said["sold_probability"]);
        return row.Truth["sold"] == "yes" ? positive : 1 - positive;
    }

    /// <summary>The share of pairs of a positive and a negative that are in the right order, ties counting half.</summary>
    private static double Area(IEnumerable<(bool IsPositive, double Score)> rows)
    {
        var all = rows.ToLookup(row => row.IsPositive, row => row.Score);
        return all[true]
            .Average(high =>
                all[false]
                    .Average(low =>
                        high > low ? 1
                        : high == low ? 0.5
                        : 0
                    )
            );
    }
}
