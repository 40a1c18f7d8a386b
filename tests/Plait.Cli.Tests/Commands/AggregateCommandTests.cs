using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Plait.Catalogue;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class AggregateCommandTests : IDisposable
{
    private const string Conflicting = """{"id": 1, "gradients": [[-4, 1, 1], [6, 1, 1]]}""";
    private static readonly double[][] ThreeByFive =
    [
        [1, 0.5, -2, 0.3, 0.8],
        [-0.7, 1.5, 0.4, -1, 0.6],
        [0.2, -1.1, -0.9, 0.7, 1.3],
    ];

    private readonly Workplace workplace = new();

    public static TheoryData<string> Aggregators =>
        [.. MethodCatalog.Of(MethodKind.Aggregator).Select(entry => entry.Name)];

    [Theory]
    [InlineData("sum", new double[] { 1, 1 }, new double[] { 2, 2, 2 }, 1)]
    [InlineData("mgda", new[] { 0.6, 0.4 }, new double[] { 0, 1, 1 }, 0)]
    [InlineData("pcgrad", new[] { 20.0 / 9, 30.0 / 19 }, new[] { 100.0 / 171, 650.0 / 171, 650.0 / 171 }, 0)]
    public async Task Gives_weights_update_and_conflicts(
        string method,
        double[] weights,
        double[] update,
        int conflicts
    )
    {
        var answer = Assert.Single(await AnswersAsync(method, Conflicting));

        Close(weights, Numbers(answer, "weights"), 1e-14);
        Close(update, Numbers(answer, "combined"), 1e-14);
        Assert.Equal(conflicts, answer.GetProperty("conflicts").GetInt32());
        Assert.Equal(Math.Sqrt(update.Sum(x => x * x)), answer.GetProperty("norm").GetDouble(), 12);
        Assert.False(answer.TryGetProperty("method", out _));
    }

    [Theory]
    [MemberData(nameof(Aggregators))]
    public async Task Every_aggregator_answers_or_refuses_in_one_line(string method)
    {
        double[] scales = [1, 1e-12, 1e12, 1];
        var cases = scales.Select((scale, id) => Case($"{id}", Scaled(ThreeByFive, scale), "[0.5, 2, 1.5]"));

        var answer = await RunAsync([.. cases], "--method", method);

        if (answer.Code == ExitCode.Usage) // it needs an option, or a network
        {
            Assert.Single(answer.Error.Trim().Split('\n'));
            return;
        }

        Assert.Equal("", answer.Code == ExitCode.Success ? answer.Error : "");
        var answers = Parse(answer.Output);
        Assert.Equal(scales.Length, answers.Length);
        Assert.Equal(WithoutPlace(answers[0]), WithoutPlace(answers[3])); // each case begins anew
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i].TryGetProperty("error", out var error))
            {
                Assert.NotEmpty(error.GetString()!);
                continue;
            }

            var combined = Numbers(answers[i], "combined");
            Assert.Equal(5, combined.Length);
            Assert.InRange(answers[i].GetProperty("conflicts").GetInt32(), 0, 3);
            if (answers[i].GetProperty("residual") is { ValueKind: JsonValueKind.Number } residual)
            {
                Assert.InRange(residual.GetDouble(), 0, 1e-8);
            }

            if (answers[i].GetProperty("weights").ValueKind != JsonValueKind.Null)
            {
                var weights = Numbers(answers[i], "weights");
                var rows = Scaled(ThreeByFive, scales[i]);
                var sum = Enumerable
                    .Range(0, 5)
                    .Select(column => weights.Select((w, row) => w * rows[row][column]).Sum());
                var terms = weights.Select((w, row) => Math.Abs(w) * rows[row].Max(Math.Abs)).Sum();
                Close([.. sum], combined, 1e-9 * terms);
            }
        }
    }

    [Fact]
    public async Task Several_methods_answer_in_the_order_they_were_named_in()
    {
        var answers = await AnswersAsync(
            "sum,mgda:solver=exact,normalization=l2",
            [Conflicting, Conflicting],
            "-m",
            "pcgrad"
        );

        string[] names = ["sum", "mgda:solver=exact,normalization=l2", "pcgrad"];
        Assert.Equal([.. names, .. names], answers.Select(answer => answer.GetProperty("method").GetString()));
    }

    [Fact]
    public async Task Losses_reach_the_methods()
    {
        var line = """{"gradients": [[2, 0], [0, 3]], "losses": [2, 3]}""";

        var answer = Assert.Single(await AnswersAsync("mgda:normalization=loss", line));

        Close([0.5, 0.5], Numbers(answer, "weights"), 1e-14);
    }

    [Fact]
    public async Task Numbers_come_back_to_the_last_bit_and_zero_updates_conflict_with_nobody()
    {
        var answers = await AnswersAsync(
            "sum",
            ["""{"gradients": [[0.1, 1e308], [0.2, 5e-324]]}""", """{"gradients": [[1, 2], [-1, -2]]}"""]
        );

        Assert.Equal([0.1 + 0.2, 1e308], Numbers(answers[0], "combined"));
        Assert.Equal(0, answers[1].GetProperty("conflicts").GetInt32());
        Assert.Equal(0, answers[1].GetProperty("norm").GetDouble());
    }

    [Fact]
    public async Task The_seed_decides_what_chance_draws()
    {
        var line = Case("1", ThreeByFive);
        async Task<double[]> WeightsAsync(string seed) =>
            Numbers(Assert.Single(await AnswersAsync("pcgrad", [line], "--seed", seed)), "weights");

        var first = await WeightsAsync("0");
        Assert.Equal(first, await WeightsAsync("0"));
        var others = new List<double[]>();
        for (var seed = 1; seed <= 8; seed++)
        {
            others.Add(await WeightsAsync($"{seed}"));
        }

        Assert.Contains(others, weights => !weights.SequenceEqual(first));
    }

    [Fact]
    public async Task Lines_may_be_long()
    {
        const int width = 20_000;
        var rows = new[] { 1.0, 2.0 }.Select(value => Enumerable.Repeat(value / 3, width).ToArray()).ToArray();
        var target = workplace.File("answers.jsonl");

        var answer = await RunAsync(
            [Conflicting, Case("2", rows), Conflicting],
            "--method",
            "mgda",
            "--output",
            target
        );

        Assert.Equal("", answer.Succeeds().Output);
        var answers = Parse(await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
        Assert.Equal(answers[0].GetRawText(), answers[2].GetRawText());
        Assert.Equal(width, Numbers(answers[1], "combined").Length);
        Close([1, 0], Numbers(answers[1], "weights"), 1e-12);
    }

    [Fact]
    public async Task Draws_cases_of_two_and_three_tasks_and_says_of_others_that_it_cannot()
    {
        string[] lines =
        [
            Conflicting,
            Case("2", ThreeByFive),
            """{"id": 3, "gradients": [[1], [2], [3], [4]]}""",
            Conflicting,
        ];
        var folder = workplace.File("pictures");

        var answer = await RunAsync(lines, "--method", "sum,mgda", "--draw", folder);

        Assert.Equal(ExitCode.Failure, answer.Code);
        Assert.Equal(8, Parse(answer.Output).Length);
        Assert.Contains("line 3: not drawn", answer.Errors[0], StringComparison.Ordinal);
        Assert.Equal(
            ["line-1.svg", "line-2.svg", "line-4.svg"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order()
        );
        var text = XDocument.Load(Path.Combine(folder, "line-2.svg")).Root!.Value;
        Assert.Contains("update by mgda: length", text, StringComparison.Ordinal);
        Assert.Contains("gradient of task 3: length", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_picture_shows_the_first_case()
    {
        var picture = workplace.File("first.svg");

        var answer = await RunAsync([Conflicting, Conflicting], "--method", "mgda", "--draw", picture);

        Assert.Contains("the first of 2 cases", Assert.Single(answer.Succeeds().Errors), StringComparison.Ordinal);
        Assert.Equal("svg", XDocument.Load(picture).Root!.Name.LocalName);
    }

    [Fact]
    public async Task Answers_each_line_of_the_standard_input_before_the_next_one_comes()
    {
        var program = workplace.Start("aggregate", "--method", "sum");
        for (var i = 0; i < 2; i++)
        {
            await program.StandardInput.WriteLineAsync(Conflicting);
            await program.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            var line = await program
                .StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
                .AsTask()
                .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            Assert.StartsWith("{\"id\":1,\"weights\":[1,1],\"combined\":[2,2,2],", line, StringComparison.Ordinal);
        }

        program.StandardInput.Close();
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Success, program.ExitCode);
    }

    public void Dispose() => workplace.Dispose();

    private Task<Answer> RunAsync(string[] lines, params string[] options) =>
        workplace.RunAsync([
            "aggregate",
            "--input",
            workplace.Write("cases.jsonl", string.Join('\n', lines)),
            .. options,
        ]);

    private Task<JsonElement[]> AnswersAsync(string method, string line) => AnswersAsync(method, [line]);

    private async Task<JsonElement[]> AnswersAsync(string method, string[] lines, params string[] options) =>
        Parse((await RunAsync(lines, ["--method", method, .. options])).Succeeds().Output);

    private static JsonElement[] Parse(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    private static double[] Numbers(JsonElement answer, string name) =>
        [.. answer.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];

    private static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    private static double[][] Scaled(double[][] rows, double scale) =>
        [.. rows.Select(row => row.Select(value => value * scale).ToArray())];

    private static string WithoutPlace(JsonElement answer) =>
        string.Join(
            ' ',
            answer.EnumerateObject().Where(part => part.Name is not ("id" or "line")).Select(part => $"{part}")
        );

    private static string Case(string id, double[][] rows, string? losses = null)
    {
        var gradients = rows.Select(row =>
            $"[{string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]"
        );
        return $$"""{"id": {{id}}, "gradients": [{{string.Join(',', gradients)}}], "losses": {{losses ?? "null"}}}""";
    }
}
