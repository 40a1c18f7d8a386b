using Plait.Tests.Torch;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Training;

public sealed class CheckpointFolderTests : IDisposable
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    private readonly string folder = Directory.CreateTempSubdirectory("plait-checkpoints").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_kill_before_any_step_of_a_write_leaves_the_last_checkpoint_or_the_new_one(int earlier)
    {
        var steps = 0;
        for (var isWhole = false; !isWhole; steps++)
        {
            var path = Path.Combine(folder, $"{steps}");
            for (var checkpoint = 1; checkpoint <= earlier; checkpoint++)
            {
                Write(new CheckpointFolder(path), checkpoint);
            }

            isWhole = IsWritten(new BreakingDisk(steps), path, earlier + 1);

            var after = new CheckpointFolder(path);
            if (earlier > 0 || after.HasCheckpoint)
            {
                Assert.InRange(Read(after), earlier, earlier + 1);
            }

            Write(after, 9);
            Assert.Equal(9, Read(after));
            Assert.DoesNotContain(
                Directory.GetFiles(path),
                file => Path.GetFileName(file) is not ("checkpoint.safetensors" or "checkpoint.previous.safetensors")
            );
        }

        Assert.True(steps > 8, $"{steps} steps");
    }

    [Fact]
    public void A_kill_between_the_renames_does_not_lose_the_new_checkpoint_when_the_one_before_is_damaged()
    {
        Write(new CheckpointFolder(folder), 1);
        File.WriteAllText(Path.Combine(folder, "checkpoint.safetensors"), "torn");
        var disk = new BreakingDisk(int.MaxValue);
        Write(new CheckpointFolder(Path.Combine(folder, "other"), disk), 0);
        var untilRename = disk.Done.IndexOf("move") + 3; // the flush of the folder and the first of two renames

        Assert.False(IsWritten(new BreakingDisk(untilRename), folder, 2));

        Assert.Equal(2, Read(new CheckpointFolder(folder)));
    }

    [Fact]
    public void A_write_brings_the_content_to_the_disk_before_the_rename_and_the_renames_after_it()
    {
        var disk = new BreakingDisk(int.MaxValue);
        Write(new CheckpointFolder(folder), 1);
        Write(new CheckpointFolder(folder, disk), 2);
        Assert.Equal(
            ["create", "write", "flush", "move", "flush folder", "move", "move", "flush folder"],
            disk.Done.Where((step, i) => step != "write" || disk.Done[i - 1] != "write")
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(100)]
    [InlineData(300)]
    public void A_disk_that_is_full_after_some_bytes_leaves_everything_as_it_was(int room)
    {
        Write(new CheckpointFolder(folder), 1);
        Write(new CheckpointFolder(folder), 2);
        var before = Directory.GetFiles(folder).Order().ToDictionary(file => file, File.ReadAllBytes);

        var refused = Assert.Throws<IOException>(() => Write(new CheckpointFolder(folder, new FullDisk(room)), 3));

        Assert.Contains("No space left", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(folder).Order().ToDictionary(file => file, File.ReadAllBytes));
        Assert.Equal(2, Read(new CheckpointFolder(folder)));
    }

    private static bool IsWritten(DiskSteps disk, string path, int number)
    {
        try
        {
            Write(new CheckpointFolder(path, disk), number);
            return true;
        }
        catch (BreakingDisk.Killed)
        {
            return false;
        }
    }

    private static void Write(CheckpointFolder checkpoints, int number)
    {
        var state = new StateDictionary();
        state.Set("number", [number, .. new double[40]]);
        checkpoints.Write(state, NoMetadata);
    }

    private static int Read(CheckpointFolder checkpoints) => (int)checkpoints.Read(null).State.Numbers("number")[0];
}
