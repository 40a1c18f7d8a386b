using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class ParetoCommandTests : IDisposable
{
    private static readonly string[] TwoTargets = ["-t", "price:regression", "-t", "sold:binary", "--ignore", "id"];

    private readonly Workplace workplace = new();

    [Theory]
    [InlineData("ls")]
    [InlineData("epo")]
    [InlineData("pareto-mtl")]
    [InlineData("phn")]
    [InlineData("phn-epo")]
    [InlineData("controllable")]
    [InlineData("cosmos")]
    [InlineData("pamal")]
    public async Task Every_method_leaves_models_to_predict_with_a_table_and_a_picture(string method)
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(120));

        var answer = (await ParetoAsync(table, method, "--points", "3")).Succeeds();

        Assert.All(
            new[] { "point-03", "Hypervolume:", "Spacing:" },
            text => Assert.Contains(text, answer.Output, StringComparison.Ordinal)
        );
        var lines = File.ReadAllLines(Path.Combine(Front, "front.csv"));
        Assert.Equal(4, lines.Length);
        Assert.StartsWith(
            "model,preference_price,preference_sold,loss_price,loss_sold,price_r2",
            lines[0],
            StringComparison.Ordinal
        );
        Assert.Equal("svg", XDocument.Load(Path.Combine(Front, "front.svg")).Root!.Name.LocalName);
        Assert.False(Directory.Exists(Path.Combine(Front, "checkpoints")));
        var predictions = await Task.WhenAll(Predict("point-01", table), Predict("point-03", table));
        Assert.NotEqual(predictions[0], predictions[1]);
    }

    [Fact]
    public async Task The_ends_of_a_front_are_better_at_what_they_prefer()
    {
        // Two targets of one input each, through a layer of one unit: what helps one takes from the other.
        var random = new Random(4);
        var text = string.Concat(
            Enumerable
                .Range(0, 400)
                .Select(_ => (A: random.NextDouble(), B: random.NextDouble()))
                .Select(row =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{row.A:0.000},{row.B:0.000},{5 * row.A:0.000},{7 * row.B:0.000}\n"
                    )
                )
        );
        var table = workplace.Write("two.csv", "a,b,x,y\n" + text);
        var answer = (
            await workplace.RunAsync([
                "pareto",
                table,
                "-t",
                "x:regression",
                "-t",
                "y:regression",
                "--method",
                "ls",
                "--points",
                "3",
                "--json",
                "-o",
                Front,
                "--encoder",
                "mlp:widths=1",
                "--epochs",
                "40",
                "--optimizer",
                "adam:learning-rate=0.03",
                "--patience",
                "0",
                "--seed",
                "2",
            ])
        ).Succeeds();

        using var document = JsonDocument.Parse(answer.Output);
        var points = document.RootElement.GetProperty("points").EnumerateArray().ToArray();
        double[][] losses =
        [
            .. points.Select(point =>
                point.GetProperty("losses").EnumerateArray().Select(loss => loss.GetDouble()).ToArray()
            ),
        ];
        Assert.True(losses[0][0] < 0.3 && losses[0][1] > 0.6, $"{losses[0][0]}, {losses[0][1]}");
        Assert.True(losses[2][1] < 0.3 && losses[2][0] > 0.6, $"{losses[2][0]}, {losses[2][1]}");
        Assert.InRange(document.RootElement.GetProperty("reference")[0].GetDouble(), 0.7, 1.3);
        Assert.True(document.RootElement.GetProperty("hypervolume").GetDouble() > 0);
    }

    [Fact]
    public async Task The_same_command_goes_on_and_another_is_refused()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(120));
        (await ParetoAsync(table, "epo", "--points", "2")).Succeeds();
        var description = Path.Combine(Front, "front.json");
        var whole = File.ReadAllText(Path.Combine(Front, "front.csv"));
        var kept = File.GetLastWriteTimeUtc(Path.Combine(Front, "point-01", "model.json"));

        // As an interruption behind the first point leaves it.
        var text = File.ReadAllText(description);
        using (var document = JsonDocument.Parse(text))
        {
            var second = document.RootElement.GetProperty("points")[1].GetRawText();
            var cut = text.LastIndexOf(',', text.IndexOf(second, StringComparison.Ordinal));
            File.WriteAllText(
                description,
                text[..cut] + text[(text.IndexOf(second, StringComparison.Ordinal) + second.Length)..]
            );
        }

        Directory.Delete(Path.Combine(Front, "point-02"), recursive: true);
        (await ParetoAsync(table, "epo", "--points", "2")).Succeeds();

        Assert.Equal(whole, File.ReadAllText(Path.Combine(Front, "front.csv")));
        Assert.Equal(kept, File.GetLastWriteTimeUtc(Path.Combine(Front, "point-01", "model.json")));
        (await ParetoAsync(table, "ls", "--points", "2")).FailsWith(
            ExitCode.Failure,
            "the front of another job or table"
        );
    }

    [Fact]
    public async Task Bad_options_are_named_in_one_line()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(60));
        (string Method, string[] Options, string Says)[] wrong =
        [
            ("grid", [], "There is no method 'grid' to a Pareto front; choose from ls, epo"),
            ("epo", ["--aggregator", "mgda"], "chooses the aggregator itself"),
            ("phn", ["--network", "mmoe"], "chooses the network itself"),
            ("epo", ["--points", "0"], "--points is a whole number from 1"),
            ("ls", ["--learning-rate", "encoder=0"], "all points would be one"),
            ("ls", ["--network", "single-task"], "all points would be one"),
            ("epo", ["--reference", "1"], "one loss for each of 2 targets"),
            ("epo", ["--reference", "a,b"], "--reference is one number a target"),
        ];

        foreach (var (method, options, says) in wrong)
        {
            (await ParetoAsync(table, method, options)).FailsWith(ExitCode.Usage, says);
        }

        (await workplace.RunAsync("pareto", table, "-t", "price", "-o", Front)).FailsWith(
            ExitCode.Usage,
            "two or more"
        );
        Assert.False(Directory.Exists(Front));
        Directory.CreateDirectory(Front);
        File.WriteAllText(Path.Combine(Front, "mine.txt"), "");
        (await ParetoAsync(table, "epo")).FailsWith(ExitCode.Failure, "holds something else than a front ('mine.txt')");
    }

    public void Dispose() => workplace.Dispose();

    private string Front => workplace.File("front");

    private Task<Answer> ParetoAsync(string table, string method, params string[] more) =>
        workplace.RunAsync(["pareto", table, .. TwoTargets, "--method", method, "-o", Front, "--epochs", "2", .. more]);

    private async Task<string> Predict(string point, string table) =>
        (await workplace.RunAsync("predict", Path.Combine(Front, point), table)).Succeeds().Output;
}
