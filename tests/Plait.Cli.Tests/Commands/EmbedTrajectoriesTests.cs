using System.Text.Json;
using Plait.Relationships.Embedding;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class EmbedTrajectoriesTests : IDisposable
{
    private readonly Workplace workplace = new();

    [Fact]
    public async Task Goals_are_embedded_and_the_network_loads()
    {
        string[] quick = ["--iterations", "2", "--tasks", "4", "--episodes", "2", "--updates", "2", "--width", "3"];
        string[] arguments = ["embed", "trajectories", "points", .. quick, "-o"];

        var json = (await workplace.RunAsync([.. arguments, workplace.File("first"), "--json"])).Succeeds();
        var lines = (await workplace.RunAsync([.. arguments, workplace.File("second")])).Succeeds();

        var root = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal("points", root.GetProperty("environment").GetString());
        Assert.Equal(4, root.GetProperty("tasks").GetInt32());
        Assert.Equal(4, root.GetProperty("returns").GetArrayLength()); // without, first, after each of two updates
        Assert.InRange(root.GetProperty("rankCorrelation").GetDouble(), -1, 1);
        Assert.Contains("after 2 updates", lines.Output);
        var rows = await File.ReadAllLinesAsync(Path.Combine(workplace.File("first"), "embeddings.csv"));
        Assert.Equal("task,goal-x,goal-y,e1,e2,e3", rows[0]);
        Assert.Equal(5, rows.Length);
        Assert.Equal(rows, await File.ReadAllLinesAsync(Path.Combine(workplace.File("second"), "embeddings.csv")));
        using var model = TrajectoryEmbedding.Load(Path.Combine(workplace.File("first"), "network.safetensors"));
    }

    [Theory]
    [InlineData("point", "There is no environment 'point' (did you mean 'points'?).")]
    [InlineData("cartpole", "There is no environment 'cartpole'; choose from points, directions.")]
    [InlineData("points --tasks 2", "--tasks is a whole number from 3")]
    [InlineData("points --episodes 1", "--episodes is a whole number from 2")]
    [InlineData("points --learning-rate 0", "--learning-rate is a number above 0")]
    public async Task What_is_asked_for_wrongly_is_a_fault_of_usage(string line, string why)
    {
        var answer = await workplace.RunAsync([
            "embed",
            "trajectories",
            .. line.Split(' '),
            "-o",
            workplace.File("out"),
        ]);

        answer.FailsWith(ExitCode.Usage, why);
        Assert.False(Directory.Exists(workplace.File("out")));
    }

    public void Dispose() => workplace.Dispose();
}
