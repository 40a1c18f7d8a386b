namespace Plait.Cli.Tests.Commands;

/// <summary>A folder that an output needs is made by every command that writes; a file in its place is said to be one.</summary>
[Collection("torch")]
public sealed class OutputFolderTests : IDisposable
{
    private const string Transfers =
        "target,order,sources,value\na,1,b,0.4\na,1,c,0.2\nb,1,a,0.5\nb,1,c,0.1\nc,1,a,0.3\nc,1,b,0.2\n";

    private static readonly string[] Inputs = ["houses.csv", "transfers.csv", "cases.jsonl", "model", "store"];

    private readonly Workplace workplace = new();

    /// <summary>Of the commands, those that write one file.</summary>
    public static TheoryData<string, string> CommandsOfAFile =>
        [.. Commands.Where(row => Path.HasExtension(row.Data.Item2)).Select(row => row.Data)];

    /// <summary>Of those, the ones that say their answer only when all is done.</summary>
    public static TheoryData<string, string> CommandsOfOneFileAfterWork =>
        [
            .. CommandsOfAFile
                .Select(row => row.Data)
                .Where(row => row.Item1.Split(' ')[0] is "affinity" or "group" or "taxonomy" or "aggregate"),
        ];

    public static TheoryData<string, string> Commands { get; } =
        new()
        {
            { "predict model houses.csv -o", "out.csv" },
            { "report last --store store -o", "out.html" },
            { "train houses.csv -t price -t sold --epochs 1 --store store -o", "out" },
            { "pareto houses.csv --ignore id -t price -t sold --epochs 1 --method ls --points 2 -o", "out" },
            { "affinity houses.csv -t price -t sold --epochs 1 --store store -o", "out.csv" },
            { "group houses.csv -t price -t sold --epochs 1 --budget 1 --store store -o", "out.json" },
            { "taxonomy --affinities transfers.csv --sources 1 --draw", "out.svg" },
            { "aggregate --method mgda --input cases.jsonl -o", "out.jsonl" },
            { "aggregate --method mgda --input cases.jsonl --draw", "out.svg" },
        };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_folder_is_made(string line, string name)
    {
        await PrepareAsync();

        var place = workplace.File(Path.Combine("new", "folder", name));
        var answer = StartsWorkers(line)
            ? workplace.Run([.. Words(line), place])
            : await workplace.RunAsync([.. Words(line), place]);

        answer.Succeeds();
        Assert.True(Path.Exists(place));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_file_is_no_folder_and_that_is_said_before_the_work(string line, string name)
    {
        await PrepareAsync();

        var answer = await workplace.RunAsync([.. Words(line), workplace.File(Path.Combine("houses.csv", name))]);

        answer.FailsWith(
            ExitCode.Failure,
            $"{workplace.File("houses.csv")} is a file, not a folder; choose another place"
        );
        Assert.DoesNotContain("Free some space", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CommandsOfAFile))]
    public async Task A_folder_is_no_file(string line, string name)
    {
        await PrepareAsync();
        Directory.CreateDirectory(workplace.File(name));

        var answer = await workplace.RunAsync([.. Words(line), workplace.File(name)]);

        Assert.Equal(ExitCode.Failure, answer.Code);
        Assert.Contains("folder", Assert.Single(answer.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("Free some space", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CommandsOfOneFileAfterWork))]
    public async Task A_place_that_takes_no_file_is_found_before_the_work(string line, string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no folder that nobody can write into.");
        await PrepareAsync();

        var answer = await workplace.RunAsync([.. Words(line), $"/sys/{name}"]);

        answer.FailsWith(ExitCode.Failure, $"/sys/{name}: no file can be written here");
    }

    public void Dispose() => workplace.Dispose();

    /// <summary>Whether a command trains in workers, which only a process of its own can start.</summary>
    private static bool StartsWorkers(string line) => line.Split(' ')[0] is "affinity" or "group";

    /// <summary>The words of a line, with what the workplace holds in its place there.</summary>
    private IEnumerable<string> Words(string line) =>
        line.Split(' ').Select(word => Inputs.Contains(word) ? workplace.File(word) : word);

    private async Task PrepareAsync()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(60));
        workplace.Write("transfers.csv", Transfers);
        workplace.Write("cases.jsonl", """{"id": 1, "gradients": [[-4, 1], [6, 1]]}""");
        (await workplace.TrainAsync(table, "model", "--ignore", "id")).Succeeds();
    }
}
