using System.Globalization;
using System.Text.Json;

namespace Plait.Cli.Tests.Commands;

public sealed class GroupCommandTests : IDisposable
{
    private readonly Workplace workplace = new();

    [Theory]
    [InlineData("setting1")]
    [InlineData("setting2")]
    [InlineData("setting4-alt-tasks")]
    public async Task Published_networks_are_chosen_at_every_budget(string setting)
    {
        var lines = File.ReadAllLines(Published("taskgrouping", $"{setting}.optimal.csv"))
            .Skip(1)
            .Select(line => line.Split(','))
            .ToArray();

        var answers = await JsonAsync(
            "--table",
            Published("taskgrouping", $"{setting}.csv"),
            "--budget",
            string.Join(',', lines.Select(cells => cells[0]))
        );

        Assert.Equal(9, lines.Length);
        foreach (var (cells, answer) in lines.Zip(answers.EnumerateArray()))
        {
            Assert.Equal(Number(cells[1]), answer.GetProperty("total").GetDouble(), 5e-7);
            Assert.Equal(Number(cells[2]), answer.GetProperty("reported").GetProperty("total").GetDouble(), 5e-7);
            Assert.Equal(
                cells[3].Split(" + ").Order(),
                answer
                    .GetProperty("networks")
                    .EnumerateArray()
                    .Zip(answer.GetProperty("costs").EnumerateArray())
                    .Select(pair =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{pair.Second.GetDouble():0.0}:{string.Join('|', Texts(pair.First))}"
                        )
                    )
                    .Order()
            );
            Assert.True(answer.GetProperty("optimal").GetBoolean());
            Assert.InRange(answer.GetProperty("cost").GetDouble(), 0, Number(cells[0]));
        }
    }

    [Theory]
    [InlineData("--balance")]
    [InlineData("--class-weight", "sold:yes=5")]
    public async Task Weights_of_classes_say_nothing_to_linear_models(params string[] weights)
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(60));
        string[] line =
        [
            "group",
            table,
            "-t",
            "price",
            "-t",
            "sold",
            "--ignore",
            "id",
            "--method",
            "go-mtl",
            "--budget",
            "1",
        ];

        (await workplace.RunAsync([.. line, "--store", workplace.Store, .. weights])).FailsWith(
            ExitCode.Usage,
            $"{weights[0]} has no meaning with --method go-mtl without --verify"
        );
    }

    [Fact]
    public async Task One_budget_is_answered_by_one_object()
    {
        var answer = await JsonAsync("--table", Published("taskgrouping", "results.csv"), "--budget", "2.5");

        Assert.Equal(
            [
                ["normals"],
                ["semantic", "depth", "normals"],
                ["normals", "keypoints", "edges"],
            ],
            answer.GetProperty("networks").EnumerateArray().Select(Texts)
        );
        Assert.Equal(2.5, answer.GetProperty("cost").GetDouble());
        Assert.Equal(0.45076, answer.GetProperty("total").GetDouble());
        Assert.True(answer.GetProperty("optimal").GetBoolean());
        Assert.Equal(0.45076, answer.GetProperty("bound").GetDouble());
        Assert.Equal(0, answer.GetProperty("gap").GetDouble());
        Assert.Equal(1, answer.GetProperty("serving").GetProperty("depth").GetInt32());
        Assert.Empty(answer.GetProperty("warnings").EnumerateArray());
    }

    [Theory]
    [InlineData("--split", "test")]
    [InlineData("--report-split", "val")]
    public async Task Losses_that_networks_are_chosen_by_are_no_report_of_them(string option, string split)
    {
        var answer = await JsonAsync(
            "--table",
            Published("taskgrouping", "setting1.csv"),
            "--budget",
            "2",
            option,
            split
        );

        Assert.Contains($"chosen by the losses on {split}", Assert.Single(Texts(answer.GetProperty("warnings"))));
        Assert.Equal(option == "--split", answer.GetProperty("reported").ValueKind == JsonValueKind.Null);
    }

    [Theory]
    [InlineData("hoa", 0.459523, 0.4505)]
    [InlineData("esa", 0.981, 0.46299)]
    public async Task Approximations_are_reported_by_what_was_measured(string method, double total, double test)
    {
        var answer = await JsonAsync(
            "--table",
            Published("taskgrouping", "setting1.csv"),
            "--budget",
            "2.5",
            "--method",
            method
        );

        Assert.Equal(total, answer.GetProperty("total").GetDouble(), 1e-4);
        Assert.Equal(test, answer.GetProperty("reported").GetProperty("total").GetDouble(), 1e-4);
        Assert.True(answer.GetProperty("totals").GetProperty("val").GetDouble() >= 0.45076);
    }

    [Theory]
    [InlineData("spectral")]
    [InlineData("agglomerative")]
    [InlineData("kmeans")]
    public async Task A_clustering_makes_as_many_groups_as_were_asked_for_of_tasks_that_are_all_alike(string method)
    {
        var file = workplace.Write("alike.csv", "task,a,b,c,d\na,,1,1,1\nb,1,,1,1\nc,1,1,,1\nd,1,1,1,\n");

        var answer = (await GroupAsync("--affinity", file, "--groups", "3", "--method", method, "--json")).Succeeds();

        using var read = JsonDocument.Parse(answer.Output);
        Assert.Equal(3, read.RootElement.GetProperty("networks").GetArrayLength());
        Assert.Contains(
            "all affinities are 1, so that there is nothing to tell groups apart by",
            answer.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Affinities_are_grouped_by_every_method()
    {
        var file = Published("tag", "taskonomy5-tag-affinity.csv");
        foreach (var method in new[] { "tag", "spectral", "agglomerative", "kmeans" })
        {
            var answer = await JsonAsync("--affinity", file, "--groups", "2", "--method", method);

            Assert.Equal(
                "semseg normals depth; keypoints2d edges2d",
                string.Join(
                    "; ",
                    answer.GetProperty("networks").EnumerateArray().Select(group => string.Join(' ', Texts(group)))
                )
            );
            Assert.Equal(1.608479, answer.GetProperty("total").GetDouble(), 1e-6);
            Assert.Equal(method == "tag", answer.GetProperty("optimal").GetBoolean());
            Assert.Equal(2, answer.GetProperty("cost").GetDouble());
        }
    }

    [Fact]
    public async Task Pairwise_losses_are_grouped_by_the_higher_order_approximation()
    {
        var answer = await JsonAsync([
            "--affinity",
            Published("tag", "taskonomy5-pairwise-loss.csv"),
            .. new[] { "--groups", "5", "--lower-better", "--alone", "diagonal" },
        ]);

        // Each task where it does best: semseg, depth and keypoints with normals, edges with keypoints, normals alone.
        Assert.Equal(0.0471 + 0.2551 + 0.0975 + 0.0232 + 0.0568, answer.GetProperty("total").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task People_see_a_table()
    {
        var one = (
            await GroupAsync("--table", Published("taskgrouping", "setting1.csv"), "--budget", "2.5")
        ).Succeeds();
        var all = (
            await GroupAsync("--table", Published("taskgrouping", "setting1.csv"), "--budget", "1,2")
        ).Succeeds();

        Assert.Contains("Total:    0.45076 on val", one.Output, StringComparison.Ordinal);
        Assert.Contains("Reported: 0.44612 on test", one.Output, StringComparison.Ordinal);
        Assert.Contains("0.50761", all.Output, StringComparison.Ordinal);
        Assert.Contains("0.45686", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_sets_are_told_and_accuracies_are_maximised()
    {
        var table = workplace.Write("t.csv", "cost,a_acc,b_acc\n1,0.5,\n1,,0.75\n1,0.9,0.5\n");

        var wrong = (await GroupAsync("--table", table, "--budget", "2", "--json")).Succeeds();
        var right = await JsonAsync("--table", table, "--budget", "2", "--higher-better");
        var few = workplace.Write("few.csv", "cost,a,b\n1,0.5,\n1,,0.75\n");

        Assert.Contains("add --higher-better", Assert.Single(wrong.Errors), StringComparison.Ordinal);
        Assert.Equal(1.65, right.GetProperty("total").GetDouble());
        Assert.Contains(
            "1 of 3 task sets are missing",
            Assert.Single((await GroupAsync("--table", few, "--budget", "2")).Succeeds().Errors),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(2, "--table FILE.csv and --budget, or --affinity FILE.csv and --groups")]
    [InlineData(2, "--table needs --budget", "--table", "t.csv")]
    [InlineData(2, "--affinity needs --groups", "--affinity", "a.csv")]
    [InlineData(
        2,
        "--budget is one number above 0 or several, such as 1,1.5,2; got 'two'",
        "--table",
        "t.csv",
        "--budget",
        "two"
    )]
    [InlineData(2, "did you mean 'exact'?", "--table", "t.csv", "--budget", "1", "--method", "exakt")]
    [InlineData(
        2,
        "there are tag, spectral, agglomerative, kmeans",
        "--affinity",
        "a.csv",
        "--groups",
        "2",
        "--method",
        "hoa"
    )]
    [InlineData(2, "--groups is a whole number from 1", "--affinity", "a.csv", "--groups", "0")]
    [InlineData(2, "--alone is a number or diagonal", "--affinity", "a.csv", "--groups", "2", "--alone", "x")]
    [InlineData(
        2,
        "--time-limit is a number of seconds above 0",
        "--affinity",
        "a.csv",
        "--groups",
        "2",
        "--time-limit",
        "0"
    )]
    [InlineData(2, "--groups has no meaning with --table", "--table", "t.csv", "--budget", "2", "--groups", "3")]
    [InlineData(2, "--output has no meaning with --table", "--table", "t.csv", "--budget", "2", "-o", "x.json")]
    [InlineData(2, "--verify has no meaning with", "--affinity", "a.csv", "--groups", "2", "--verify", "3")]
    [InlineData(2, "--budget has no meaning with", "--affinity", "a.csv", "--groups", "2", "--budget", "7")]
    [InlineData(2, "--balance has no meaning with", "--affinity", "a.csv", "--groups", "2", "--balance")]
    [InlineData(2, "--epochs has no meaning with", "--affinity", "a.csv", "--groups", "2", "--epochs", "4")]
    [InlineData(2, "--groups 3", "--affinity", "a.csv", "--groups", "3", "--method", "spectral")]
    [InlineData(
        2,
        "t.csv: No networks within the budget 0.5 learn all tasks together; the least budget that does is 2.",
        "--table",
        "t.csv",
        "--budget",
        "0.5"
    )]
    [InlineData(2, "--budget is one number above 0 or several", "--table", "t.csv", "--budget", "-1")]
    [InlineData(2, "--budget is one number above 0 or several", "--table", "t.csv", "--budget", "2,0")]
    [InlineData(2, "such as 1,1.5,2; got 'NaN'", "--table", "t.csv", "--budget", "NaN")]
    [InlineData(2, "such as 1,1.5,2; got '1e400'", "--table", "t.csv", "--budget", "1e400")]
    [InlineData(2, "the budget 0.5 learned all tasks", "--table", "t.csv", "--budget", "0.5", "--method", "random")]
    [InlineData(2, "there is no split 'dev'", "--table", "t.csv", "--budget", "2", "--split", "dev")]
    [InlineData(2, "there is no split 'dev'", "--table", "t.csv", "--budget", "2", "--report-split", "dev")]
    [InlineData(2, "no split 'vla' (did you mean 'val'?)", "--table", "s.csv", "--budget", "2", "--split", "vla")]
    [InlineData(1, "there are no columns early_TASK", "--table", "t.csv", "--budget", "2", "--method", "esa")]
    [InlineData(
        1,
        "the pair 'a' and 'b' is missing. Add a row for it.",
        "--table",
        "t.csv",
        "--budget",
        "2",
        "--method",
        "hoa"
    )]
    [InlineData(1, "there is no such file", "--table", "none.csv", "--budget", "2")]
    [InlineData(1, "line 2, column 'y': the affinity is missing", "--affinity", "bad.csv", "--groups", "2")]
    public async Task What_is_wrong_is_told_in_one_line(int code, string message, params string[] arguments)
    {
        workplace.Write("t.csv", "cost,a,b\n1,0.5,\n1,,0.75\n");
        workplace.Write("s.csv", "cost,val_a,test_a\n1,0.5,0.6\n");
        workplace.Write("a.csv", "task,x,y\nx,1,2\ny,3,4\n");
        workplace.Write("bad.csv", "task,x,y\nx,1,\ny,3,4\n");

        var answer = await GroupAsync([
            .. arguments.Select(text => text.EndsWith(".csv", StringComparison.Ordinal) ? workplace.File(text) : text),
        ]);

        Assert.Equal(code, answer.Code);
        Assert.Contains(message, Assert.Single(answer.Errors), StringComparison.Ordinal);
        Assert.Empty(answer.Output);
    }

    public void Dispose() => workplace.Dispose();

    private Task<Answer> GroupAsync(params string[] arguments) => workplace.RunAsync(["group", .. arguments]);

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var answer = (await GroupAsync([.. arguments, "--json"])).Succeeds();
        return JsonDocument.Parse(answer.Output).RootElement;
    }

    private static string Published(string folder, string name) =>
        Path.Combine(AppContext.BaseDirectory, "Data", folder, name);

    private static IEnumerable<string> Texts(JsonElement list) =>
        list.EnumerateArray().Select(text => text.GetString()!);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
