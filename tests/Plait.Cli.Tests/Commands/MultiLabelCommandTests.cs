using System.Globalization;
using System.Text;
using Plait.Tasks;
using Plait.Testing;

namespace Plait.Cli.Tests.Commands;

/// <summary>Labels of which a row may have several go through every command that takes a table, and help names every kind of target.</summary>
[Collection("torch")]
public sealed class MultiLabelCommandTests : IDisposable
{
    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Fact]
    public async Task Labels_are_trained_predicted_judged_and_reported()
    {
        var table = workplace.Write("films.csv", Films());
        var model = workplace.File("model");
        string[] train = ["train", table, "-t", "genres:multi-label", "-t", "stars:ordinal", "--epochs", "3"];

        var trained = await workplace.RunAsync([.. train, "-o", model, "--store", workplace.Store]);
        var predicted = (await workplace.RunAsync("predict", model, table)).Succeeds().Output;
        var judged = (await workplace.RunAsync("evaluate", model, table, "--metrics", "auc-by-label")).Succeeds();
        var report = workplace.File("report.html");
        (await workplace.RunAsync("report", "--store", workplace.Store, "-o", report)).Succeeds();

        Assert.Contains("f1 by label", trained.Succeeds().Output, StringComparison.Ordinal);
        Assert.StartsWith(
            "genres,genres_probability_comedy,genres_probability_drama,stars,",
            predicted,
            StringComparison.Ordinal
        );
        Assert.All(
            predicted.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1),
            line => Assert.Contains(line.Split(',')[0], (string[])["none", "comedy", "drama", "comedy|drama"])
        );
        Assert.Contains("auc by label", judged.Output, StringComparison.Ordinal);
        Assert.Contains("genres", await File.ReadAllTextAsync(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--class-weight=genres:drama=2", "a multi-label target, whose rows may have several classes or none")]
    [InlineData("--balance", "none of the targets (genres) has rows of one class each")]
    public async Task Weights_of_labels_are_a_wrong_option(string option, string expected)
    {
        var table = workplace.Write("films.csv", Films());

        var answer = await workplace.RunAsync(
            "train",
            table,
            "-t",
            "genres:multi-label",
            option,
            "--store",
            workplace.Store
        );

        answer.FailsWith(ExitCode.Usage, expected);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("pareto")]
    [InlineData("group")]
    [InlineData("affinity")]
    public async Task Help_names_every_kind_of_target(string command)
    {
        var help = (await workplace.RunAsync(command, "--help")).Succeeds().Output;

        Assert.All(AnswerKinds.All, kind => Assert.Contains(kind.Name, help, StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_of_commands_and_the_page_of_data_name_every_kind_of_target()
    {
        foreach (var page in (string[])["docs/command-line.md", "docs/data.md"])
        {
            var text = Checkout.Read(page);
            Assert.All(AnswerKinds.All, kind => Assert.Contains(kind.Name, text, StringComparison.Ordinal));
        }
    }

    private static string Films()
    {
        var random = new Random(6);
        var text = new StringBuilder("a,b,genres,stars\n");
        for (var row = 0; row < 200; row++)
        {
            var (a, b) = ((random.NextDouble() * 4) - 2, (random.NextDouble() * 4) - 2);
            var genres =
                row % 11 == 0 ? ""
                : a > 0 ? (b > 0 ? "drama|comedy" : "drama")
                : b > 0 ? "comedy"
                : "none";
            text.Append(
                CultureInfo.InvariantCulture,
                $"{a:0.000},{b:0.000},{genres},{Math.Clamp((int)Math.Floor(a + 2), 0, 3)}\n"
            );
        }

        return text.ToString();
    }
}
