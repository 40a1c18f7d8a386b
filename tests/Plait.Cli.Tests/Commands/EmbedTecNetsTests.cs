using System.Text.Json;
using Plait.Relationships.Embedding;
using Plait.Testing;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class EmbedTecNetsTests : IDisposable
{
    private static readonly string[] Actions = ["--actions", "move-x,move-y"];

    private readonly Workplace workplace = new();

    [Fact]
    public void The_example_is_what_it_was_made_of() =>
        Assert.Equal(
            GoalDemonstrations.Example,
            Checkout.Read("docs/relationships/goals.csv").ReplaceLineEndings("\n")
        );

    [Fact]
    public Task Goals_that_were_held_out_are_known_by_three_demonstrations() => AssertLearns(seed: 1);

    [Theory]
    [Trait("category", "slow")]
    [InlineData(2)]
    [InlineData(3)]
    public Task Other_seeds_do_as_well(int seed) => AssertLearns(seed);

    [Fact]
    public async Task The_seed_decides_and_the_network_acts_when_it_is_loaded()
    {
        var table = workplace.Write("goals.csv", GoalDemonstrations.Csv(8, 4, 3, 1));
        string[] arguments = ["embed", "tecnets", table, .. Actions, "--iterations", "5", "--hidden", "8", "-o"];

        var first = (await workplace.RunAsync([.. arguments, workplace.File("first")])).Succeeds();
        (await workplace.RunAsync([.. arguments, workplace.File("second")])).Succeeds();
        (await workplace.RunAsync([.. arguments, workplace.File("third"), "--seed", "1"])).Succeeds();

        Assert.Contains("8 with 32 demonstrations of 3 steps; held out are goal-", first.Output);
        Assert.Contains("50.0 % by chance", first.Output);
        Assert.Equal(TableIn("first"), TableIn("second"));
        Assert.NotEqual(TableIn("first"), TableIn("third"));
        using var scope = torch.NewDisposeScope();
        using var model = ImitationModel.Load(Path.Combine(workplace.File("first"), "network.safetensors"));
        Assert.Equal(["x", "y"], model.Layout.Observations);
        Assert.Equal(["move-x", "move-y"], model.Layout.Actions);
        var sentences = model.Sentence(torch.zeros(1, 2, 3, 2), torch.zeros(1, 2, 3, 2));
        Assert.Equal([1L, 4, 2], model.Act(torch.zeros(1, 4, 2), sentences).shape);
    }

    [Fact]
    public async Task Demonstrations_of_unlike_lengths_are_read_at_even_distances()
    {
        var lines = GoalDemonstrations
            .Csv(6, 4, 5, 1)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("goal-2,1,4,", StringComparison.Ordinal));
        var table = workplace.Write("goals.csv", string.Join('\n', lines));
        string[] arguments = ["embed", "tecnets", table, .. Actions, "--iterations", "2", "-o", workplace.File("out")];

        (await workplace.RunAsync(arguments)).FailsWith(
            ExitCode.Failure,
            "demonstration '1' of task 'goal-2' has 4 steps and demonstration '1' of task 'goal-1' has 5 steps",
            "--steps 4 or fewer"
        );
        Assert.Contains("of 2 steps", (await workplace.RunAsync([.. arguments, "--steps", "2"])).Succeeds().Output);
    }

    [Theory]
    [InlineData("", "Say which columns hold what is done: --actions a,b.")]
    [InlineData("--actions move-x,move-z", "column 'move-z': the action is not in the file; did you mean 'move-x'?")]
    [InlineData("--actions move-x --task-column goal", "column 'goal': the column of tasks (--task-column) is not")]
    [InlineData("--actions move-x --step-column demonstration", "column 'demonstration': the column is named for two")]
    [InlineData("--actions move-x --observations x,move-x", "column 'move-x': the column is named for two things")]
    [InlineData("--actions move-x --observations z", "column 'z': the observation is not in the file")]
    [InlineData("--actions x,y,move-x,move-y", "there is no column of what is seen")]
    [InlineData("--actions move-x --hidden 8-0", "--hidden is one width or several with - between")]
    [InlineData("--actions move-x --support 0", "--support is a whole number from 1")]
    [InlineData("--actions move-x --batch-tasks 1", "--batch-tasks is a whole number from 2")]
    [InlineData("--actions move-x --test 1", "--test is a share between 0 and 1")]
    [InlineData("--actions move-x --margin 0", "--margin is a number above 0")]
    [InlineData(
        "--actions move-x --embedding-weight 0 --support-weight 0 --query-weight 0",
        "are all 0, so that nothing is learned"
    )]
    [InlineData("--actions move-x --query-weight -1", "--query-weight is 0 or a number above it")]
    public async Task What_is_asked_for_wrongly_is_a_fault_of_usage(string options, string why)
    {
        var table = workplace.Write("goals.csv", GoalDemonstrations.Csv(4, 4, 2, 1));

        var answer = await workplace.RunAsync([
            "embed",
            "tecnets",
            table,
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            "-o",
            workplace.File("out"),
        ]);

        answer.FailsWith(ExitCode.Usage, why);
        Assert.False(Directory.Exists(workplace.File("out")));
    }

    [Fact]
    public async Task Actions_that_never_differ_tell_nothing_apart()
    {
        var lines = GoalDemonstrations.Csv(4, 4, 2, 1).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] alike = [$"{lines[0]},grip,turn", .. lines[1..].Select(line => $"{line},1,0.5")];
        var table = workplace.Write("goals.csv", string.Join('\n', alike));

        (await workplace.RunAsync("embed", "tecnets", table, "--actions", "grip,turn")).FailsWith(
            ExitCode.Failure,
            "what is done (grip, turn) is the same in every row, so that there is nothing to tell apart"
        );
    }

    [Fact]
    public async Task Files_and_folders_that_will_not_do_are_told_of_before_the_training()
    {
        var table = workplace.Write("goals.csv", GoalDemonstrations.Csv(4, 4, 2, 1));
        Directory.CreateDirectory(workplace.File("photos"));
        workplace.Write(Path.Combine("photos", "a.png"), "");

        (await workplace.RunAsync(["embed", "tecnets", workplace.File("nowhere.csv"), .. Actions])).FailsWith(
            ExitCode.Failure,
            "nowhere.csv: there is no such file"
        );
        (await workplace.RunAsync(["embed", "tecnets", table, .. Actions, "-o", workplace.File("photos")])).FailsWith(
            ExitCode.Failure,
            "photos: this folder holds something else than an embedding ('a.png')"
        );
        (await workplace.RunAsync(["embed", "tecnets", table, .. Actions, "-o", table])).FailsWith(
            ExitCode.Failure,
            "goals.csv: this is a file; an embedding needs a folder of its own"
        );
        (await workplace.RunAsync("embed")).FailsWith(ExitCode.Usage, "Say what tasks are embedded from");
    }

    [Fact]
    public async Task Numbers_that_are_no_longer_finite_end_in_one_line()
    {
        var table = workplace.Write("goals.csv", GoalDemonstrations.Csv(4, 4, 2, 1));

        var answer = await workplace.RunAsync([
            "embed",
            "tecnets",
            table,
            .. Actions,
            "--learning-rate",
            "1e30",
            "-o",
            workplace.File("out"),
        ]);

        answer.FailsWith(ExitCode.Failure, "lower the learning rate");
    }

    public void Dispose() => workplace.Dispose();

    /// <summary>Ten goals of forty are held out: by chance a tenth of their demonstrations would be nearest to their own.</summary>
    private async Task AssertLearns(int seed)
    {
        var table = workplace.Write("goals.csv", GoalDemonstrations.Example);
        var folder = workplace.File("goals");

        var answer = await workplace.RunAsync([
            "embed",
            "tecnets",
            table,
            .. Actions,
            "--seed",
            $"{seed}",
            "-o",
            folder,
            "--json",
        ]);

        var root = JsonDocument.Parse(answer.Succeeds().Output).RootElement;
        var errors = root.GetProperty("errors");
        Assert.Equal(10, root.GetProperty("heldOut").GetArrayLength());
        Assert.Equal(0.1, root.GetProperty("chance").GetDouble());
        Assert.InRange(root.GetProperty("nearest").GetDouble(), 0.8, 1);
        Assert.InRange(errors.GetProperty("told").GetDouble(), 0, 0.4 * errors.GetProperty("untold").GetDouble());
        Assert.InRange(errors.GetProperty("told").GetDouble(), 0, 0.4 * errors.GetProperty("mean").GetDouble());
        var rows = await File.ReadAllLinesAsync(Path.Combine(folder, "embeddings.csv"));
        Assert.StartsWith("task,part,e1,e2,", rows[0], StringComparison.Ordinal);
        Assert.Equal(41, rows.Length);
        Assert.Equal(10, rows.Count(row => row.Contains(",test,", StringComparison.Ordinal)));
    }

    private string TableIn(string folder) => File.ReadAllText(Path.Combine(workplace.File(folder), "embeddings.csv"));
}
