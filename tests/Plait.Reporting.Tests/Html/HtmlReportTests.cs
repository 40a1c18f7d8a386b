using System.Text.RegularExpressions;
using System.Xml.Linq;
using Plait.Benchmarks.Comparison;
using Plait.Jobs.Runs;
using Plait.Reporting.Html;
using Plait.Reporting.Plots;

namespace Plait.Reporting.Tests.Html;

public sealed class HtmlReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly RunStore store;

    public HtmlReportTests() => store = RunStore.Open(folder["store"]);

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Comparison_shows_every_recipe_and_task_in_a_well_formed_page_that_needs_no_network()
    {
        var run = SampleRuns.Comparison(store, SampleRuns.Recipes, SampleRuns.Tox21, seeds: 3);

        var html = HtmlReport.Render(store, run.Id);

        Keep("comparison", html);
        var page = Parse(html);
        var table = page.Descendants("table").First();
        Assert.Equal(
            SampleRuns.Recipes,
            table
                .Element("tbody")!
                .Elements("tr")
                .Select(row => row.Elements().First().Nodes().OfType<XText>().First().Value)
        );
        var heads = table.Descendants("th").Select(head => head.Value).ToArray();
        Assert.All(SampleRuns.Tox21, task => Assert.Contains(task, heads));
        Assert.DoesNotMatch(new Regex("https?:|//[a-z]|url\\(|@import| src=", RegexOptions.IgnoreCase), html);
        Assert.Contains("Δm is the relative change", html, StringComparison.Ordinal);
        // One plot of Δm; per task one of the metric, the losses, the AUC; 2 recipes with moving weights; 4 with cosines, twice;
        // 1 with weights in the update and norms; one plot each of conflicts, compliance and conditions.
        Assert.Equal(
            1 + (3 * 12) + 2 + (2 * 4) + 2 + 3,
            page.Descendants("svg").Count(svg => svg.Attribute("role") is not null)
        );
    }

    [Fact]
    public void Best_value_of_every_task_is_bold_and_only_it()
    {
        var run = SampleRuns.Comparison(store, ["base", "a", "b"], ["x", "y"], seeds: 2);

        var page = Parse(HtmlReport.Render(store, run.Id));

        var rows = page.Descendants("tbody")
            .First()
            .Elements("tr")
            .Select(row => row.Elements("td").ToArray())
            .ToArray();
        for (var column = 5; column < 7; column++) // behind four ways to draw metrics together, and their mean
        {
            var values = rows.Select(row => double.Parse(row[column].Attribute("data-value")!.Value)).ToArray();
            var bold = rows.Select(row => row[column].Element("strong") is not null);
            Assert.Equal(values.Select(value => value == values.Max()), bold);
        }
    }

    [Fact]
    public void Training_shows_its_specification_its_curves_and_its_test_metrics()
    {
        var run = SampleRuns.Training(store);

        var html = HtmlReport.Render(store, run.Id);

        Keep("training", html);
        var page = Parse(html);
        Assert.Contains("\"optimizer\": {", page.Descendants("pre").Single().Value, StringComparison.Ordinal);
        Assert.Equal(
            [
                "Warnings",
                "Test metrics",
                "Losses",
                "Metric over epochs: auc",
                "Task weights",
                "Weights in the update",
                "Gradient norms, log10",
                "Gradient cosines",
                "Conflicts",
                "Specification",
            ],
            page.Descendants("h2").Select(heading => heading.Value)
        );
        Assert.Contains("Update compliance", html, StringComparison.Ordinal);
        Assert.Contains(page.Descendants("td"), cell => cell.Value == "0.510");
        Assert.Equal("700 training, 150 validation, 150 test", Fact(page, "Rows"));
        Assert.Equal($"epoch {SampleRuns.Kept + 1} of {SampleRuns.Epochs + 1}", Fact(page, "Kept"));
        Assert.Equal(
            ["Column 'id' is no input."],
            page.Descendants("ul").First().Elements("li").Select(line => line.Value)
        );
        Assert.All(page.Descendants("details"), part => Assert.Null(part.Attribute("open")));
    }

    [Fact]
    public void Beside_the_test_metrics_stands_the_epoch_that_was_kept_and_no_empty_column()
    {
        var run = store.Create(RunKind.Train, "houses", "houses.csv", "{}");
        store.AddMeasurements(
            run.Id,
            Enumerable
                .Range(0, 5)
                .SelectMany(epoch =>
                    new Measurement[]
                    {
                        new(epoch, DataSplit.Train, "price", Measurement.Loss, 10 + epoch),
                        new(epoch, DataSplit.Validation, "price", Measurement.Loss, 20 + epoch),
                        new(epoch, DataSplit.Validation, "price", "mse", 30 + epoch),
                    }
                )
        );
        store.AddMeasurements(run.Id, [new(2, DataSplit.Test, "price", "mse", 40)]);

        var table = Parse(HtmlReport.Render(store, run.Id)).Descendants("table").First();

        string[][] rows =
        [
            .. table.Descendants("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray()),
        ];
        Assert.Equal(["Task", "Metric", "Test", "Validation", "Train"], rows[0]);
        Assert.Equal(["price", "mse", "40.00", "32.00", "–"], rows[1]);
        Assert.Equal(["price", "loss", "–", "22.00", "12.00"], rows[2]);
    }

    [Fact]
    public void Only_curves_of_losses_and_metrics_are_cut_off()
    {
        var points = Enumerable.Range(0, 200).Select(step => ((double)step, step == 7 ? 0.9 : 0.01)).ToArray();
        LinePlot whole = new("cosine", "step", [new("a, b", 1, points)]);

        Assert.True(Highest(whole with { CutsSpikes = true }) < 0.1);
        Assert.InRange(Highest(whole), 0.8, 1);

        static double Highest(LinePlot plot) =>
            plot.Draw()
                .Descendants()
                .Where(text => text.Attribute("class")?.Value == "tick end")
                .Max(text => double.Parse(text.Value, System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string Fact(XElement page, string name) =>
        page.Descendants("dt").Single(fact => fact.Value == name).ElementsAfterSelf("dd").Single().Value;

    [Fact]
    public void Hostile_names_stay_text()
    {
        const string hostile = "</title><script>alert(1)</script>\" onload=\"x & \u0001\u001b\u007f\u009b\u202E\uD800é";
        var run = SampleRuns.Comparison(
            store,
            ["base", hostile],
            ["task", "</svg><img src=x>"],
            seeds: 1,
            benchmark: hostile
        );

        var page = Parse(HtmlReport.Render(store, run.Id));

        Assert.Single(page.Descendants("script"));
        Assert.Empty(page.Descendants("img"));
        Assert.DoesNotContain(
            page.Descendants().Attributes(),
            attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal)
        );
        Assert.Contains(
            "</title><script>alert(1)</script>\" onload=\"x & \uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDé",
            page.Descendants("h1").Single().Value,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Interrupted_comparison_shows_what_there_is_and_says_so()
    {
        var comparison = store.Create(RunKind.Comparison, "comparison", "tox21", "{}");
        var child = store.Create(RunKind.Training, "hps", "tox21", "{}", comparison.Id);
        store.AddMeasurements(
            child.Id,
            Enumerable
                .Range(0, 3)
                .Select(epoch => new Measurement(epoch, DataSplit.Train, "a", Measurement.Loss, 1.0 / (epoch + 1)))
        );
        store.Update(child.Id, RunStatus.Failed, error: "The loss of task 'a' is not finite.");
        store.Update(comparison.Id, RunStatus.Interrupted);

        var page = Parse(HtmlReport.Render(store, comparison.Id));

        Assert.Contains("interrupted", page.Descendants("p").First().Value, StringComparison.Ordinal);
        Assert.Equal(["Losses", "Trainings", "Specification"], page.Descendants("h2").Select(heading => heading.Value));
        Assert.Contains(
            page.Descendants("td"),
            cell => cell.Value.EndsWith("The loss of task 'a' is not finite.", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Run_without_any_number_still_has_a_page()
    {
        var run = store.Create(RunKind.Train, "empty", "data.csv", "not JSON");

        var page = Parse(HtmlReport.Render(store, run.Id));

        Assert.Equal("not JSON", page.Descendants("pre").Single().Value);
    }

    [Fact]
    public void Values_that_are_not_defined_leave_gaps_and_no_NaN()
    {
        var run = store.Create(RunKind.Train, "gaps", "data.csv", "{}");
        store.AddMeasurements(
            run.Id,
            Enumerable
                .Range(0, 5)
                .Select(epoch => new Measurement(
                    epoch,
                    DataSplit.Validation,
                    "a",
                    "auc",
                    epoch == 2 ? double.NaN : 0.5
                ))
        );
        store.AddMeasurements(run.Id, [new(4, DataSplit.Test, "a", "auc", double.NaN)]);

        var html = HtmlReport.Render(store, run.Id);

        Assert.DoesNotContain("NaN\"", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[MLd= ""]NaN", Parse(html).Element("body")!.Element("main")!.ToString());
    }

    [Fact]
    public void Write_replaces_the_file_and_leaves_no_draft()
    {
        var run = SampleRuns.Training(store);
        var path = folder["reports/report.html"];

        HtmlReport.Write(store, run.Id, path);
        HtmlReport.Write(store, run.Id, path);

        Assert.Equal([path], Directory.GetFiles(folder["reports"]));
        Assert.Equal(HtmlReport.Render(store, run.Id), File.ReadAllText(path));
    }

    [Fact]
    public void A_recipe_that_failed_says_why_below_the_table()
    {
        var run = SampleRuns.Comparison(store, ["base", "a"], ["x"], seeds: 1);
        var table = ComparisonTable.FromJson(store.Result(run.Id)!);
        store.SetResult(
            run.Id,
            (
                table with
                {
                    Rows = [table.Rows[0], table.Rows[1] with { Failure = "Seed 2: the disk is full." }],
                }
            ).ToJson()
        );

        var told = Parse(HtmlReport.Render(store, run.Id))
            .Descendants("ul")
            .Single(list => list.Attribute("class")?.Value == "warnings")
            .Value;

        Assert.Equal(
            "a failed, and its numbers are those of its other seeds, where there are any: Seed 2: the disk is full.",
            told
        );
    }

    [Fact]
    public void Result_that_is_not_a_comparison_is_one_clear_line()
    {
        var run = store.Create(RunKind.Comparison, "comparison", "tox21", "{}");
        store.SetResult(run.Id, "{\"benchmark\":3}");

        var error = Assert.Throws<RunStoreException>(() => HtmlReport.Render(store, run.Id));

        Assert.StartsWith($"The result of run {run.Id} cannot be read: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static XElement Parse(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>\n", html, StringComparison.Ordinal);
        return XElement.Parse(html["<!DOCTYPE html>\n".Length..]);
    }

    /// <summary>Set PLAIT_SAMPLE_REPORTS to a folder to look at the pages in a browser.</summary>
    private static void Keep(string name, string html)
    {
        if (Environment.GetEnvironmentVariable("PLAIT_SAMPLE_REPORTS") is { Length: > 0 } samples)
        {
            Directory.CreateDirectory(samples);
            File.WriteAllText(Path.Combine(samples, $"{name}.html"), html);
        }
    }
}
