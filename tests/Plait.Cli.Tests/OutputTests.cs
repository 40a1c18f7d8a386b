using Plait.Testing;

namespace Plait.Cli.Tests;

/// <summary>Links, pipes and devices: outputs follow the former and go into the latter; models and tables to train on are files.</summary>
[Collection("torch")]
public sealed class OutputTests : IDisposable
{
    private const string Rows = "area,district\n70,east\n";

    private readonly Workplace workplace = new();

    [Fact]
    public async Task Predictions_follow_a_link_and_go_into_a_pipe()
    {
        var (model, table) = (await ModelAsync(), workplace.Write("new.csv", Rows));
        var expected = (await workplace.RunAsync("predict", model, table)).Succeeds().Output;
        var (link, pipe) = (workplace.File("link.csv"), workplace.File("pipe"));
        File.CreateSymbolicLink(link, workplace.Write("real.csv", "earlier"));
        Pipe.Make(pipe);
        await using var reader = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite); // waits for nobody

        (await workplace.RunAsync("predict", model, table, "-o", link)).Succeeds();
        var piped = (await workplace.RunAsync("predict", model, table, "-o", pipe)).Succeeds();

        Assert.Equal(workplace.File("real.csv"), new FileInfo(link).LinkTarget);
        Assert.Equal(expected, await File.ReadAllTextAsync(link, TestContext.Current.CancellationToken));
        Assert.Equal("", piped.Output);
        var read = new byte[expected.Length];
        await reader.ReadExactlyAsync(read, TestContext.Current.CancellationToken);
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(read));
    }

    [Fact]
    public async Task Predictions_to_the_name_of_the_standard_output_are_what_the_standard_output_holds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/stdout is a name of Linux");
        var (model, table) = (await ModelAsync(), workplace.Write("new.csv", Rows));
        var expected = (await workplace.RunAsync("predict", model, table)).Succeeds().Output;

        Assert.Equal(expected, workplace.Run("predict", model, table, "-o", "/dev/stdout").Succeeds().Output);
    }

    [Fact]
    public async Task A_link_to_the_rows_is_not_written_over()
    {
        var (model, table) = (await ModelAsync(), workplace.Write("new.csv", Rows));
        var link = workplace.File("link.csv");
        File.CreateSymbolicLink(link, "new.csv");

        (await workplace.RunAsync("predict", model, table, "-o", link)).FailsWith(
            ExitCode.Usage,
            "would take the place of the rows"
        );
        (await workplace.RunAsync("aggregate", "-m", "mgda", "-i", table, "-o", link)).FailsWith(
            ExitCode.Usage,
            "would take the place of the cases"
        );

        Assert.Equal(Rows, await File.ReadAllTextAsync(table, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_report_follows_a_link_and_goes_into_a_pipe()
    {
        await ModelAsync();
        var (link, pipe) = (workplace.File("report.html"), workplace.File("pipe"));
        File.CreateSymbolicLink(link, "real.html");
        Pipe.Make(pipe);
        await using var reader = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite);
        var start = new byte[15];
        var reading = reader.ReadExactlyAsync(start, TestContext.Current.CancellationToken).AsTask();

        (await workplace.RunAsync("report", "-o", link, "--store", workplace.Store)).Succeeds();
        var whole = new FileInfo(workplace.File("real.html")).Length;
        var rest = Task.Run(() => Read(reader, reading, whole - start.Length), TestContext.Current.CancellationToken);
        var piped = (await workplace.RunAsync("report", "-o", pipe, "--store", workplace.Store)).Succeeds();
        await rest;

        Assert.Equal("real.html", new FileInfo(link).LinkTarget);
        Assert.Equal("", piped.Output);
        Assert.Equal("<!DOCTYPE html>"u8, start);
    }

    [Theory]
    [InlineData("predict")]
    [InlineData("evaluate")]
    public async Task A_model_with_a_pipe_in_it_is_refused_in_one_line(string command)
    {
        var (model, table) = (await ModelAsync(), workplace.Write("new.csv", Rows));
        var weights = Path.Combine(model, "network.safetensors");
        File.Delete(weights);
        Pipe.Make(weights);

        (await workplace.RunAsync(command, model, table)).FailsWith(
            ExitCode.Failure,
            $"{weights}: this is a pipe or a device"
        );
    }

    [Fact]
    public async Task A_training_on_a_pipe_is_refused_in_one_line_since_it_reads_its_table_more_than_once()
    {
        var pipe = workplace.File("pipe.csv");
        Pipe.Make(pipe);
        (await workplace.TrainAsync(pipe, "model")).FailsWith(ExitCode.Failure, $"{pipe}: this is a pipe or a device");
    }

    public void Dispose() => workplace.Dispose();

    private static async Task Read(FileStream reader, Task first, long count)
    {
        await first;
        await reader.ReadExactlyAsync(new byte[count], TestContext.Current.CancellationToken);
    }

    private async Task<string> ModelAsync()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(100));
        (await workplace.TrainAsync(table, "model", "--ignore", "id")).Succeeds();
        return workplace.File("model");
    }
}
