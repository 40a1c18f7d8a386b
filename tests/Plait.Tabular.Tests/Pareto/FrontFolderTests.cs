using Plait.Tabular.Pareto;

namespace Plait.Tabular.Tests.Pareto;

public sealed class FrontFolderTests : IDisposable
{
    private static readonly ParetoFront Begun = new()
    {
        Job = "{}",
        Method = "ls",
        Tasks = ["a", "b"],
        Reference = [1, 1],
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_in_which_a_front_was_killed_at_its_first_file_is_begun_again()
    {
        folder.Write($"front.json.{Guid.Empty:N}.tmp", "{");

        new FrontFolder(folder.Path).Open(Begun);

        Assert.Equal(
            ["front.csv", "front.json"],
            Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)).Order()
        );
    }

    [Fact]
    public void A_folder_with_something_else_is_refused()
    {
        folder.Write("notes.tmp", "mine");
        var refused = Assert.Throws<IOException>(() => new FrontFolder(folder.Path).Open(Begun));
        Assert.Contains("'notes.tmp'", refused.Message, StringComparison.Ordinal);
    }
}
