using System.Text;
using System.Text.Json.Nodes;
using Plait.Jobs.Runs;

namespace Plait.Cli.Tests.Display;

/// <summary>Names out of files that would clear a terminal, ring its bell, set its title or turn its text round are shown instead.</summary>
[Collection("torch")]
public sealed class HostileNamesTests : IDisposable
{
    private const string Clear = "\u001b[2J";
    private const string Title = "\u001b]0;owned\a";
    private const string Turn = "\u202Eabc\u2066";
    private const string OneByteCodes = "\u009b31m\u0090\u0085";
    private const string Hostile = $"x{Clear}{Title}{Turn}{OneByteCodes}\u007f\b[red]";

    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Fact]
    public async Task Train_predict_evaluate_and_what_the_store_keeps_of_them_show_names()
    {
        var model = workplace.File($"m{Clear}{Turn}");
        var table = workplace.Write($"t{Title}.csv", Table());
        string[] train = ["train", table, "-t", $"y{Hostile}:regression", "-t", $"c{Hostile}:classification"];

        await HarmlessAsync([.. train, "-o", model, "--store", workplace.Store, "--epochs", "1"]);
        await HarmlessAsync([.. train, "-o", model, "--store", workplace.Store, "--epochs", "1", "--json"]);
        var unseen = workplace.Write("new.csv", Table().Replace(",red", ",green", StringComparison.Ordinal));
        await HarmlessAsync("predict", model, unseen, "-o", workplace.File($"p{Clear}.csv"));
        await HarmlessAsync("evaluate", model, table);
        var judged = await HarmlessAsync("evaluate", model, table, "--json");
        await HarmlessAsync("runs", "--store", workplace.Store);
        await HarmlessAsync("runs", "--store", workplace.Store, "--json");
        var report = workplace.File("report.html");
        await HarmlessAsync("report", "--store", workplace.Store, "-o", report);

        Assert.Equal($"y{Hostile}", (string)JsonNode.Parse(judged.Output)!["targets"]![0]!["name"]!);
        AssertHarmless(await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Errors_about_names_stay_one_line()
    {
        var table = workplace.Write("t.csv", Table());
        string[][] wrong =
        [
            ["train", table, "-t", $"z\r\n{Hostile}:regression", "-o", workplace.File("m")],
            ["train", table, "-t", $"c{Hostile}:regression", "-o", workplace.File("m")],
            ["train", workplace.File($"absent{Hostile}.csv"), "-t", "y"],
            ["predict", workplace.File($"absent{Hostile}"), table],
            ["runs", Hostile, "--store", workplace.Store],
            ["compare", "--networks", Hostile, "--store", workplace.Store],
            ["methods", "--kind", Hostile],
            [Hostile],
        ];

        foreach (var arguments in wrong)
        {
            var answer = await workplace.RunAsync(arguments);

            AssertHarmless(answer.Error + answer.Output);
            Assert.StartsWith("plait: ", Assert.Single(answer.Errors), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Groupings_taxonomies_and_answers_show_names()
    {
        var affinity = workplace.Write("a.csv", $"task,a{Hostile},b,c\na{Hostile},0,1,2\nb,1,0,1\nc,2,1,0\n");
        var transfers = workplace.Write(
            "t.csv",
            $"target,order,sources,value\na{Hostile},1,b,0.5\nb,1,a{Hostile},0.25\n"
        );
        var cases = workplace.Write(
            "cases.jsonl",
            $$"""{"id": "i{{Turn}}{{OneByteCodes}}", "tasks": ["a{{Turn}}", "b"], "gradients": [[1, 2], ["x", 4]]}"""
                + "\n"
        );

        await HarmlessAsync("group", "--affinity", affinity, "--groups", "2");
        await HarmlessAsync("group", "--affinity", affinity, "--groups", "2", "--json");
        await HarmlessAsync("taxonomy", "--affinities", transfers, "--sources", "1");
        var answer = await workplace.RunAsync("aggregate", "-m", "mgda", "-i", cases);
        AssertHarmless(answer);
        Assert.Equal($"i{Turn}{OneByteCodes}", (string)JsonNode.Parse(answer.Output)!["id"]!);
    }

    [Fact]
    public async Task Runs_of_any_name_are_listed_and_reported()
    {
        using (var store = RunStore.Open(workplace.Store))
        {
            var run = store.Create(RunKind.Comparison, $"run{Hostile}", $"data{Hostile}", "{}");
            store.Update(run.Id, RunStatus.Failed, error: $"because of {Hostile}");
        }

        await HarmlessAsync("runs", "--store", workplace.Store);
        await HarmlessAsync("runs", "--store", workplace.Store, "--json");
    }

    [Fact]
    public async Task Predictions_as_data_keep_every_character()
    {
        var table = workplace.Write("t.csv", Table());
        string[] train = ["train", table, "-t", $"c{Hostile}:classification", "--ignore", $"y{Hostile}"];
        (
            await workplace.RunAsync([.. train, "-o", workplace.File("m"), "--store", workplace.Store, "--epochs", "1"])
        ).Succeeds();

        var answer = await workplace.RunAsync("predict", workplace.File("m"), table, "--no-probabilities");

        Assert.StartsWith($"c{Hostile}\n", answer.Succeeds().Output, StringComparison.Ordinal);
    }

    private static string Table()
    {
        var text = new StringBuilder($"x{Hostile},colour,y{Hostile},c{Hostile}\n");
        for (var row = 0; row < 60; row++)
        {
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{row},{(row % 2 == 0 ? $"red{Hostile}" : $"blue{Hostile}")},{row * 0.5},{(row % 3 == 0 ? $"one{Hostile}" : $"two{Hostile}")}\n"
            );
        }

        return text.ToString();
    }

    private async Task<Answer> HarmlessAsync(params string[] arguments)
    {
        var answer = (await workplace.RunAsync(arguments)).Succeeds();
        AssertHarmless(answer);
        return answer;
    }

    private static void AssertHarmless(Answer answer) => AssertHarmless(answer.Output + answer.Error);

    private static void AssertHarmless(string text)
    {
        var at = text.AsSpan().IndexOfAnyExcept(Harmless);
        Assert.True(at < 0, at < 0 ? "" : $"U+{(int)text[at]:X4} in: {text[Math.Max(0, at - 60)..at]}");
    }

    private static readonly System.Buffers.SearchValues<char> Harmless = System.Buffers.SearchValues.Create([
        '\n',
        '\t',
        .. Enumerable
            .Range(' ', char.MaxValue + 1 - ' ')
            .Select(code => (char)code)
            .Where(character =>
                !char.IsControl(character)
                && character is not ((>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'))
            ),
    ]);
}
