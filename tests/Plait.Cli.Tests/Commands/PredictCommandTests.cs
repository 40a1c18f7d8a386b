namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class PredictCommandTests : IDisposable
{
    private readonly Workplace workplace = new();

    [Fact]
    public async Task Rows_keep_their_order_and_say_the_same_alone_as_among_twenty_thousand()
    {
        var model = await ModelAsync();
        var text = Workplace.Houses(20_000, seed: 2);
        var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var output = workplace.File("predictions.csv");

        var answer = await workplace.RunAsync(
            "predict",
            model,
            workplace.Write("new.csv", text),
            "-o",
            output,
            "--id",
            "id"
        );

        Assert.Contains("(20000 rows)", answer.Succeeds().Output, StringComparison.Ordinal);
        var predictions = await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken);
        Assert.Equal(rows.Select(row => row.Split(',')[0]), predictions.Select(row => row.Split(',')[0]));
        foreach (var row in new[] { 1, 63, 64, 65, 4096, 4097, 12_345, 20_000 })
        {
            var alone = workplace.Write("one.csv", $"{rows[0]}\n{rows[row]}\n");
            var one = (await workplace.RunAsync("predict", model, alone, "--id", "id")).Succeeds().Output.Split('\n');
            Assert.Equal([predictions[0], predictions[row], ""], one);
        }
    }

    [Fact]
    public async Task Number_of_rows_at_a_time_changes_nothing()
    {
        var model = await ModelAsync();
        var table = workplace.Write("new.csv", Workplace.Houses(300, seed: 2));

        var whole = (await workplace.RunAsync("predict", model, table)).Succeeds();
        var pieces = (await workplace.RunAsync("predict", model, table, "--batch-size", "7")).Succeeds();
        var stream = (await workplace.RunAsync("predict", model, table, "--stream")).Succeeds();

        Assert.Equal(whole.Output, pieces.Output);
        Assert.Equal(whole.Output, stream.Output);
    }

    [Fact]
    public async Task Columns_are_those_that_were_asked_for()
    {
        var model = await ModelAsync();
        var table = workplace.Write("new.csv", "district,area\neast,70\n");

        var all = (await workplace.RunAsync("predict", model, table)).Succeeds().Output;
        var few = (await workplace.RunAsync("predict", model, table, "--no-probabilities")).Succeeds().Output;

        Assert.StartsWith(
            "price,sold,sold_probability,energy,energy_probability_fair,energy_probability_good,energy_probability_poor\n",
            all,
            StringComparison.Ordinal
        );
        Assert.StartsWith("price,sold,sold_probability,energy\n", few, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Category_unseen_in_training_is_warned_of_and_predicted_all_the_same()
    {
        var model = await ModelAsync();

        var answer = await workplace.RunAsync(
            "predict",
            model,
            workplace.Write("new.csv", "area,district\n70,east\n80,moon\n")
        );

        Assert.Equal(3, answer.Succeeds().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("'moon' on line 3", Assert.Single(answer.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_without_rows_gives_one_without_rows()
    {
        var model = await ModelAsync();

        var answer = await workplace.RunAsync(
            "predict",
            model,
            workplace.Write("new.csv", "area,district\n"),
            "--no-probabilities"
        );

        Assert.Equal("price,sold,sold_probability,energy\n", answer.Succeeds().Output);
    }

    [Fact]
    public async Task Row_that_cannot_be_read_leaves_an_earlier_file_and_answers_those_before_it()
    {
        var model = await ModelAsync();
        var table = workplace.Write("new.csv", "area,district\n70,east\nlarge,east\n");
        var output = workplace.Write("predictions.csv", "earlier");

        (await workplace.RunAsync("predict", model, table, "-o", output)).FailsWith(
            ExitCode.Failure,
            $"{table}, line 3, column 'area': 'large' is not a number"
        );
        var stream = await workplace.RunAsync("predict", model, table, "--stream", "--no-probabilities");

        Assert.Equal("earlier", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.Equal(ExitCode.Failure, stream.Code);
        Assert.Equal(2, stream.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Copied_columns_are_safe_for_spreadsheets_on_request()
    {
        var model = await ModelAsync();
        var table = workplace.Write("new.csv", "key,area,district\n=1+1,70,east\n-12.5,80,east\n");
        string[] predict = ["predict", model, table, "--id", "key"];

        var plain = (await workplace.RunAsync(predict)).Succeeds().Output.Split('\n');
        var safe = (await workplace.RunAsync([.. predict, "--spreadsheet-safe"])).Succeeds().Output.Split('\n');

        Assert.StartsWith("=1+1,", plain[1], StringComparison.Ordinal);
        Assert.Equal("'" + plain[1], safe[1]);
        Assert.Equal(plain[2], safe[2]);
        Assert.StartsWith("-12.5,", safe[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predictions_do_not_take_the_place_of_the_rows()
    {
        var model = await ModelAsync();
        var table = workplace.Write("new.csv", "area,district\n70,east\n");

        (await workplace.RunAsync("predict", model, table, "-o", table)).FailsWith(
            ExitCode.Usage,
            "would take the place of the rows"
        );
    }

    public void Dispose() => workplace.Dispose();

    private async Task<string> ModelAsync()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(300));
        (await workplace.TrainAsync(table, "model", "--ignore", "id")).Succeeds();
        return workplace.File("model");
    }
}
