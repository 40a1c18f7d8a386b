using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Plait.Jobs.Runs;

namespace Plait.Cli.Tests.Commands;

/// <summary>Levels and counts go through every command that takes a table.</summary>
[Collection("torch")]
public sealed class OrdinalAndCountCommandTests : IDisposable
{
    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Fact]
    public async Task Levels_and_counts_are_trained_predicted_and_evaluated()
    {
        var table = workplace.Write("shops.csv", Shops());
        var model = workplace.File("model");
        string[] targets = ["-t", "stars:ordinal", "-t", "size:ordinal=S<M<L", "-t", "visits:count"];

        var trained = await workplace.RunAsync([
            "train",
            table,
            .. targets,
            .. new[]
            {
                "-o",
                model,
                "--store",
                workplace.Store,
                "--epochs",
                "10",
                "--balance",
                "--weighting",
                "gradnorm",
            },
        ]);
        var predicted = (await workplace.RunAsync("predict", model, table)).Succeeds().Output;
        var judged = (await workplace.RunAsync("evaluate", model, table)).Succeeds().Output;
        var report = workplace.File("report.html");
        (await workplace.RunAsync("report", "--store", workplace.Store, "-o", report)).Succeeds();

        Assert.Contains("quadratic kappa", trained.Succeeds().Output, StringComparison.Ordinal);
        Assert.StartsWith(
            "stars,stars_probability_1,stars_probability_2,stars_probability_3,stars_probability_4,stars_probability_5,size,size_probability_S,size_probability_M,size_probability_L,visits\n",
            predicted,
            StringComparison.Ordinal
        );
        Assert.All(
            new[] { "ordinal", "count", "poisson deviance", "accuracy" },
            text => Assert.Contains(text, judged, StringComparison.Ordinal)
        );
        Assert.Contains("visits", await File.ReadAllTextAsync(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_order_of_levels_is_refused_in_one_line()
    {
        var table = workplace.Write("shops.csv", Shops());

        var answer = await workplace.RunAsync("train", table, "-t", "size:ordinal", "--store", workplace.Store);

        Assert.NotEqual(0, answer.Code);
        Assert.Contains("'size:ordinal=S<M<L'", Assert.Single(answer.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("size:ordinal=S", "does not name two or more different levels")]
    [InlineData("visits:count=0<1", "a count target takes no order of levels")]
    public async Task An_order_that_is_none_is_a_wrong_option(string target, string expected)
    {
        var table = workplace.Write("shops.csv", Shops());

        var answer = await workplace.RunAsync("train", table, "-t", target, "--store", workplace.Store);

        answer.FailsWith(ExitCode.Usage, expected);
    }

    [Fact]
    public async Task Levels_and_counts_are_compared_taught_and_reported()
    {
        string[] compare =
        [
            .. new[] { "compare", "-b", "adult-work", "--seeds", "1", "--epochs", "1", "--workers", "1", "--json" },
            .. new[] { "--networks", "hps", "--batch-size", "1024", "--store", workplace.Store },
        ];

        var compared = workplace.Run([.. compare, "--keep-networks"]);
        var table = JsonNode.Parse(compared.Succeeds().Output)!;
        string run;
        using (var store = RunStore.OpenToRead(workplace.Store))
        {
            run = store.PathOf(store.Find(RunStore.Last).Id);
        }

        var taught = workplace.Run([.. compare, "--auxiliaries", "soft-targets", "--teachers", run]);
        var report = workplace.File("report.html");
        (await workplace.RunAsync("report", "--store", workplace.Store, "-o", report)).Succeeds();

        Assert.Equal(
            ["schooling mae", "hours poisson deviance", "income auc"],
            table["tasks"]!.AsArray().Select(task => $"{task!["name"]} {task["metric"]}")
        );
        Assert.True(double.IsFinite((double)table["rows"]![1]!["deltaM"]!["mean"]!));
        taught.Succeeds();
        Assert.Contains("poisson deviance", await File.ReadAllTextAsync(report), StringComparison.Ordinal);
    }

    private static string Shops()
    {
        var random = new Random(4);
        var text = new StringBuilder("a,b,stars,size,visits\n");
        for (var row = 0; row < 200; row++)
        {
            var (a, b) = ((random.NextDouble() * 4) - 2, (random.NextDouble() * 4) - 2);
            var level = Math.Clamp((int)Math.Floor(a + b + 2.5), 0, 4);
            var visits = (int)Math.Round(Math.Exp(1 + (0.7 * a)));
            text.Append(
                CultureInfo.InvariantCulture,
                $"{a:0.000},{b:0.000},{level + 1},{"SMMLL"[level]},{(row % 9 == 0 ? "" : visits)}\n"
            );
        }

        return text.ToString();
    }
}
