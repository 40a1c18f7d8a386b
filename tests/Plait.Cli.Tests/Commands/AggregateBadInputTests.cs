using System.Text.Json;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class AggregateBadInputTests : IDisposable
{
    private const string Good = """{"id": 1, "gradients": [[-4, 1, 1], [6, 1, 1]]}""";

    private readonly Workplace workplace = new();

    [Theory]
    [InlineData("not json", "null", "not JSON at byte 2")]
    [InlineData("[1, 2]", "null", "a case is a JSON object")]
    [InlineData("""{"id": 5}""", "5", "there are no \"gradients\"")]
    [InlineData("""{"id": true, "gradients": [[1]]}""", "null", "\"id\" is a string or a number")]
    [InlineData(
        """{"gradients": [[1, 2], [3]], "id": 7.0}""",
        "7.0",
        "gradients[1] has the length 1 and gradients[0] the length 2"
    )]
    [InlineData("""{"id": "a\"b", "gradients": []}""", "\"a\\\"b\"", "\"gradients\" is empty")]
    [InlineData("""{"id": 1, "gradients": [[], []]}""", "1", "\"gradients\" is empty")]
    [InlineData("""{"id": 1, "gradients": [1, 2]}""", "1", "gradients[0] is no list")]
    [InlineData("""{"id": 1, "gradients": "12"}""", "1", "\"gradients\" is a list of rows")]
    [InlineData(
        """{"id": 1, "gradients": [[1, "x"], [1, 2]]}""",
        "1",
        "gradients[0][1] is \"x\"; a number was expected"
    )]
    [InlineData("""{"id": 1, "gradients": [[1, null], [1, 2]]}""", "1", "gradients[0][1] is null")]
    [InlineData(
        """{"id": 1, "gradients": [[1, 2], [1e400, 2]]}""",
        "1",
        "the gradient of task 'task 2' is not finite: gradients[1][0] is 1e400"
    )]
    [InlineData(
        """{"gradients": [[1, -Infinity], [1, 2]], "tasks": ["price", "NaN"], "id": 3}""",
        "3",
        "the gradient of task 'price' is not finite: gradients[0][1] is \"-Infinity\""
    )]
    [InlineData("""{"id": 1, "gradients": [[1, 2], [1, "NaN"]]}""", "1", "the gradient of task 'task 2' is not finite")]
    [InlineData("""{"id": 1, "gradients": [[1, 2], [1, 2]], "losses": [1]}""", "1", "\"losses\" has the length 1")]
    [InlineData("""{"id": 1, "gradients": [[1, 2], [1, 2]], "losses": [1, NaN]}""", "1", "the loss 2 is not finite")]
    [InlineData("""{"id": 1, "gradients": [[1, 2], [1, 2]], "tasks": ["a"]}""", "1", "\"tasks\" has the length 1")]
    [InlineData("""{"id": 1, "gradients": [[1, 2], [1, 2]], "tasks": ["a", "a"]}""", "1", "Two tasks are called 'a'")]
    [InlineData("""{"id": 1, "gradients": [[1, 2], [1, 2]]} {}""", "1", "not JSON at byte")]
    [InlineData("""{"id": 1, "gradients": [[1, 2], [1, 2]""", "1", "not JSON at byte")]
    [InlineData(
        """{"id": 1, "gradients": [[1, 2], [3e200, 2]]}""",
        "1",
        "the gradient of task 'task 2' has the length 3e+200, whose square is outside of double precision"
    )]
    [InlineData(
        """{"id": 1, "gradients": [[1, 2], [3e-200, 0]]}""",
        "1",
        "the gradient of task 'task 2' has the length 3e-200"
    )]
    public async Task A_line_that_is_wrong_is_answered_by_an_error_and_the_rest_goes_on(
        string line,
        string id,
        string says
    )
    {
        var answer = await RunAsync($"{Good}\n\n{line}\n{Good}", "--method", "mgda");

        Assert.Equal(ExitCode.Failure, answer.Code);
        Assert.StartsWith("plait: 1 of 3 cases failed", Assert.Single(answer.Errors), StringComparison.Ordinal);
        var answers = Parse(answer.Output);
        Assert.Equal(3, answers.Length);
        Assert.Equal(answers[0].GetRawText(), answers[2].GetRawText());
        Assert.Equal(id, answers[1].GetProperty("id").GetRawText());
        Assert.Equal(3, answers[1].GetProperty("line").GetInt32());
        Assert.Contains(says, answers[1].GetProperty("error").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_names_its_method_and_the_others_answer()
    {
        var answer = await RunAsync(Good, "--method", "mgda:normalization=loss", "--method", "sum");

        var answers = Parse(answer.Output);
        Assert.Equal(ExitCode.Failure, answer.Code);
        Assert.Contains("needs 2 losses", answers[0].GetProperty("error").GetString()!, StringComparison.Ordinal);
        Assert.Equal("mgda:normalization=loss", answers[0].GetProperty("method").GetString());
        Assert.Equal("[2,2,2]", answers[1].GetProperty("combined").GetRawText());
    }

    [Theory]
    [InlineData("mgdaa", "There is no aggregator 'mgdaa' (did you mean 'mgda'?)")]
    [InlineData("mgda:solvr=exact", "'mgda' has no option 'solvr' (did you mean 'solver'?)")]
    [InlineData("mgda:solver=best", "'mgda:solver' takes one of exact, frank-wolfe; got 'best'")]
    [InlineData("mgda:at=representation", "looks at the shared representation of a network")]
    public async Task Unknown_methods_and_options_are_refused_before_anything_is_read(string method, string says) =>
        (await workplace.RunAsync("aggregate", "--method", method, "--input", "nowhere")).FailsWith(
            ExitCode.Usage,
            says
        );

    [Fact]
    public async Task Refuses_files_that_do_not_fit()
    {
        var cases = workplace.Write("cases.jsonl", Good);

        (await workplace.RunAsync("aggregate", "-m", "sum", "-i", cases, "-o", cases)).FailsWith(ExitCode.Usage, cases);
        (await workplace.RunAsync("aggregate", "-m", "sum", "-i", $"{cases}x")).FailsWith(
            ExitCode.Failure,
            "there is no such file"
        );
        (await workplace.RunAsync("aggregate", "-i", cases)).FailsWith(ExitCode.Usage, "--method");
    }

    public void Dispose() => workplace.Dispose();

    private Task<Answer> RunAsync(string lines, params string[] options) =>
        workplace.RunAsync(["aggregate", "--input", workplace.Write("cases.jsonl", lines), .. options]);

    private static JsonElement[] Parse(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
}
