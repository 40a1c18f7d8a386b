using System.Text.Json;
using System.Xml.Linq;

namespace Plait.Cli.Tests.Commands;

public sealed class TaxonomyCommandTests : IDisposable
{
    private const string Header = "target,order,sources,value\n";

    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Theory]
    [InlineData("all_affinities", "0.502045 0.785611 0.837577 0.864219")]
    [InlineData("all_affinities_16k", "0.197949 0.260112 0.272987 0.281937")]
    [InlineData("all_affinities_1k", "0.216306 0.261897 0.283319 0.300314")]
    [InlineData("all_affinities", "1.313496 2.146462 2.858891 3.352283", "--own-supervision")]
    [InlineData("all_affinities_16k", "0.936660 1.532514 1.796868 1.999718", "--own-supervision")]
    [InlineData("all_affinities_1k", "0.977785 1.828546 2.376390 2.825628", "--own-supervision")]
    public async Task Published_tables_come_to_the_known_totals(string table, string totals, params string[] more)
    {
        for (var budget = 1; budget <= 4; budget++)
        {
            foreach (var solver in new[] { "auto", "scip" })
            {
                using var answer = await JsonAsync([
                    "--affinities",
                    Published(table),
                    "--sources",
                    $"{budget}",
                    "--solver",
                    solver,
                    .. more,
                ]);
                var total = answer.RootElement.GetProperty("total").GetDouble();

                Assert.Equal(totals.Split(' ')[budget - 1], total.ToString("0.000000", null));
                Assert.Equal(budget, answer.RootElement.GetProperty("sources").GetArrayLength());
                Assert.True(answer.RootElement.GetProperty("optimal").GetBoolean());
            }
        }
    }

    [Fact]
    public async Task Json_says_the_sources_and_what_each_target_is_learned_from()
    {
        using var answer = await JsonAsync(
            "--affinities",
            Published("all_affinities"),
            "--sources",
            "1",
            "--gain",
            Published("wins_vs_pixels"),
            "--quality",
            Published("wins_vs_task")
        );
        var root = answer.RootElement;
        var policy = root.GetProperty("policy");

        Assert.Equal("rgb2sfnorm", root.GetProperty("sources")[0].GetString());
        Assert.Equal(22, policy.EnumerateObject().Count());
        Assert.Equal("rgb2sfnorm", policy.GetProperty("reshade")[0].GetString());
        Assert.Equal(0, policy.GetProperty("rgb2sfnorm").GetArrayLength());
        Assert.Equal("rgb2sfnorm", root.GetProperty("unserved")[0].GetString());
        var random = root.GetProperty("random");
        Assert.True(root.GetProperty("gain").GetDouble() > random.GetProperty("gain").GetDouble());
        Assert.True(root.GetProperty("quality").GetDouble() > random.GetProperty("quality").GetDouble());
        Assert.True(root.GetProperty("total").GetDouble() >= random.GetProperty("bestTotal").GetDouble());
    }

    [Fact]
    public async Task Costs_importances_and_restricted_tasks_count()
    {
        var table = workplace.Write(
            "t.csv",
            Header + "a,1,b,0.5\na,1,c,0.4\nd,1,b,0.1\nd,1,c,0.2\nd,2,b+c,0.9\ne,1,b,0.3\ne,1,f,1\n"
        );

        await AssertSolvesAsync("b", 0.9, table, "1", "--targets", "a,d,e", "--candidates", "b,c");
        await AssertSolvesAsync("c", 2.4, table, "1", "--importance", "d=10", "--candidates", "b,c");
        await AssertSolvesAsync("b c", 1.7, table, "1", "--order", "2", "--cost", "b=0.5,c=0.5");
        await AssertSolvesAsync("c", 0.6, table, "1", "--targets", "a,d", "--cost", "b=2");
    }

    [Fact]
    public async Task A_person_gets_a_table()
    {
        var answer = await workplace.RunAsync(
            "taxonomy",
            "--affinities",
            Published("all_affinities"),
            "--sources",
            "2",
            "--gain",
            Published("wins_vs_pixels")
        );

        Assert.Equal(0, answer.Code);
        Assert.Contains("Supervise: denoise, rgb2sfnorm (cost 2 of 2)", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Total:     0.785611, the best there is", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Gain:", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Quality:", answer.Output, StringComparison.Ordinal);
        Assert.Empty(answer.Error);
    }

    [Theory]
    [InlineData("tasks.svg")]
    [InlineData("tasks.html")]
    public async Task Affinities_and_tree_are_drawn(string name)
    {
        var answer = await workplace.RunAsync(
            "taxonomy",
            "--affinities",
            Published("all_affinities"),
            "--sources",
            "2",
            "--draw",
            workplace.File(name)
        );

        Assert.Equal(0, answer.Code);
        var picture = XDocument.Parse(
            await File.ReadAllTextAsync(workplace.File(name), TestContext.Current.CancellationToken)
        );
        var texts = picture.Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value);
        // A row, a column and a leaf.
        Assert.Equal(3, texts.Count(text => text == "rgb2sfnorm"));
        Assert.Equal(1, texts.Count(text => text == "jigsaw"));
    }

    [Theory]
    [InlineData(Header + "a,1,b,x\n", "line 2, column 'value'")]
    [InlineData(Header + "a,1,b,0.1\na,1,b,0.2\n", "stands on line 2 already")]
    [InlineData(Header, "no transfer follows the header")]
    [InlineData("target,sources,value\na,b,0.1\n", "'order'")]
    public async Task A_wrong_table_is_one_line_that_says_where(string text, string message)
    {
        var answer = await workplace.RunAsync(
            "taxonomy",
            "--affinities",
            workplace.Write("t.csv", text),
            "--sources",
            "2",
            "--json"
        );

        Assert.Equal(1, answer.Code);
        Assert.Empty(answer.Output);
        Assert.Contains(message, answer.Error, StringComparison.Ordinal);
        Assert.Single(answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(2, "--sources is a number above 0", "--sources", "0")]
    [InlineData(2, "--sources", "--sources", "two")]
    [InlineData(2, "no task 'z' for the target", "--sources", "1", "--targets", "z")]
    [InlineData(2, "no task 'z' for the source", "--sources", "1", "--candidates", "z")]
    [InlineData(2, "no task 'z' for the importance", "--sources", "1", "--importance", "z=1")]
    [InlineData(2, "--cost takes a task and a number", "--sources", "1", "--cost", "b")]
    [InlineData(2, "--cost takes a task and a number", "--sources", "1", "--cost", "b=-1")]
    [InlineData(2, "--cost names 'b' twice", "--sources", "1", "--cost", "b=1,b=2")]
    [InlineData(2, "--draw takes a file that ends in .svg or .html", "--sources", "1", "--draw", "x.png")]
    [InlineData(2, "--order", "--sources", "1", "--order", "0")]
    [InlineData(2, "serves 'a'; raise the budget or the order", "--sources", "1", "--cost", "b=5")]
    [InlineData(2, "no task 'z' for the cost", "--sources", "1", "--cost", "z=1")]
    [InlineData(2, "--solver is auto, exact or scip; got 'foo'.", "--sources", "1", "--solver", "foo")]
    [InlineData(1, "nowhere.csv", "--sources", "1", "--gain", "nowhere.csv")]
    public async Task A_wrong_option_is_named(int code, string message, params string[] options)
    {
        var answer = await workplace.RunAsync([
            "taxonomy",
            "--affinities",
            workplace.Write("t.csv", Header + "a,1,b,0.5\n"),
            .. options,
        ]);

        Assert.Equal(code, answer.Code);
        Assert.Contains(message, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tree_that_cannot_be_drawn_withholds_no_answer()
    {
        var table = workplace.Write("apart.csv", Header + "a,1,b,0.5\na,1,c,0.2\nb,1,a,0.4\nc,1,a,0.1\n");
        string[] command = ["taxonomy", "--affinities", table, "-k", "1"];
        var plain = (await workplace.RunAsync(command)).Succeeds();

        var drawn = await workplace.RunAsync([.. command, "--draw", workplace.File("x.svg")]);

        Assert.Equal(ExitCode.Failure, drawn.Code);
        Assert.Equal(plain.Output, drawn.Output);
        Assert.Contains("the tree of tasks cannot be drawn", drawn.Error, StringComparison.Ordinal);
        Assert.Contains("x.svg", drawn.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_that_look_like_losses_are_remarked_on()
    {
        var answer = await workplace.RunAsync(
            "taxonomy",
            "--affinities",
            workplace.Write("t.csv", Header + "a,1,b,3.5\n"),
            "--sources",
            "1"
        );

        Assert.Equal(0, answer.Code);
        Assert.Contains("greater is taken as better", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_above_one_is_refused()
    {
        var table = workplace.Write("t.csv", Header + "a,1,b,0.5\n");
        var rates = workplace.Write("r.csv", Header + "a,1,b,50\n");

        var answer = await workplace.RunAsync("taxonomy", "--affinities", table, "--sources", "1", "--gain", rates);

        Assert.Equal(1, answer.Code);
        Assert.Contains("from 0 to 1", answer.Error, StringComparison.Ordinal);
    }

    private static string Published(string table) =>
        Path.Combine(AppContext.BaseDirectory, "Data", "taskonomy", $"{table}.csv.gz");

    private async Task AssertSolvesAsync(
        string sources,
        double total,
        string table,
        string budget,
        params string[] more
    )
    {
        using var answer = await JsonAsync(["--affinities", table, "--sources", budget, .. more]);
        Assert.Equal(
            sources,
            string.Join(' ', answer.RootElement.GetProperty("sources").EnumerateArray().Select(one => one.GetString()))
        );
        Assert.Equal(total, answer.RootElement.GetProperty("total").GetDouble(), 1e-12); // rounding of a sum of a few tenths
    }

    private async Task<JsonDocument> JsonAsync(params string[] options)
    {
        var answer = await workplace.RunAsync(["taxonomy", "--json", .. options]);
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        return JsonDocument.Parse(answer.Output);
    }
}
