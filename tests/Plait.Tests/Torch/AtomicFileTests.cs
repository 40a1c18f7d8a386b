using Plait.Testing;
using Plait.Torch;

namespace Plait.Tests.Torch;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string folder = OutputPlace.Of(Directory.CreateTempSubdirectory("plait-atomic").FullName).Path;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Target => In("target.csv");

    [Fact]
    public void A_link_stays_and_what_it_leads_to_is_replaced()
    {
        var far = Directory.CreateDirectory(In("far")).FullName;
        File.WriteAllText(Path.Combine(far, "real.csv"), "old");
        File.CreateSymbolicLink(In("second"), Path.Combine("far", "real.csv"));
        File.CreateSymbolicLink(Target, "second");

        AtomicFile.WriteText(Target, "new");

        Assert.Equal("second", new FileInfo(Target).LinkTarget);
        Assert.Equal(Path.Combine("far", "real.csv"), new FileInfo(In("second")).LinkTarget);
        Assert.Equal("new", File.ReadAllText(Path.Combine(far, "real.csv")));
        Assert.Null(new FileInfo(Path.Combine(far, "real.csv")).LinkTarget);
        Assert.Single(Directory.GetFiles(far));
    }

    [Fact]
    public void A_link_to_what_is_not_there_yet_stays_and_its_file_appears()
    {
        File.CreateSymbolicLink(Target, "later.csv");
        AtomicFile.WriteText(Target, "new");
        Assert.Equal("later.csv", new FileInfo(Target).LinkTarget);
        Assert.Equal("new", File.ReadAllText(In("later.csv")));
    }

    [Fact]
    public void A_link_that_leaves_a_linked_folder_leads_where_the_system_says()
    {
        Directory.CreateDirectory(In("disk/project"));
        Directory.CreateSymbolicLink(In("project"), In("disk/project"));
        File.CreateSymbolicLink(In("disk/project/out.csv"), "../shared.csv");

        AtomicFile.WriteText(In("project/out.csv"), "new");

        Assert.Equal("new", File.ReadAllText(In("disk/shared.csv")));
        Assert.False(File.Exists(In("shared.csv")));
        Assert.Equal(AtomicFile.PlaceOf(In("project/out.csv")), AtomicFile.PlaceOf(In("disk/shared.csv")));
    }

    [Fact]
    public void Links_in_a_circle_are_an_error()
    {
        File.CreateSymbolicLink(In("a"), "b");
        File.CreateSymbolicLink(In("b"), "a");
        var refused = Assert.Throws<IOException>(() => AtomicFile.WriteText(In("a"), "new"));
        Assert.Contains("in a circle", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_place_is_refused_before_anything_is_written()
    {
        Directory.CreateDirectory(Target);
        var refused = Assert.ThrowsAny<IOException>(() => new AtomicFile(Target));
        Assert.Contains("folder of that name", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_pipe_takes_the_content_and_stays_a_pipe()
    {
        Pipe.Make(Target);
        using var reader = new FileStream(Target, FileMode.Open, FileAccess.ReadWrite); // does not wait for a writer

        AtomicFile.WriteText(Target, "through");

        var read = new byte[7];
        reader.ReadExactly(read);
        Assert.Equal("through"u8, read);
        Assert.True(FileNode.IsStream(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(folder));
    }

    [Theory]
    [InlineData("/dev/stdout")]
    [InlineData("/dev/fd/1")]
    [InlineData("/proc/self/fd/1")]
    public void Open_files_of_the_process_are_streams_though_a_file_may_lie_behind_them(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "these are names of Linux");
        Assert.True(AtomicFile.IsStream(path));
        Assert.False(AtomicFile.IsStream(Target));
    }

    [Fact]
    public void The_new_file_has_the_permissions_of_the_old_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions");
        File.WriteAllText(Target, "old");
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
#pragma warning disable CA1416 // The platform was asked above, where the analyzer does not look.
        File.SetUnixFileMode(Target, Private);
        AtomicFile.WriteText(Target, "new");
        Assert.Equal(Private, File.GetUnixFileMode(Target));
#pragma warning restore CA1416
    }

    [Fact]
    public void What_killed_writers_left_is_cleared_away_by_the_next_one()
    {
        Kill(Target);
        var left = Assert.Single(Directory.GetFiles(folder));
        File.Copy(left, $"{Target}.{Guid.Empty:N}.tmp");
        Kill(In("other.csv"));
        File.WriteAllText(In("target.csv.notes.tmp"), "somebody's own");
        Assert.Equal(4, Directory.GetFiles(folder).Length);

        AtomicFile.WriteText(Target, "new");

        string[] names = [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order()];
        Assert.Equal(3, names.Length);
        Assert.StartsWith("other.csv.", names[0], StringComparison.Ordinal);
        Assert.Equal(["target.csv", "target.csv.notes.tmp"], names[1..]);
    }

    [Fact]
    public void A_writer_that_is_still_at_work_keeps_its_file()
    {
        using var slow = new AtomicFile(Target);
        slow.Content.Write("slow"u8);
        AtomicFile.WriteText(Target, "fast");
        Assert.Equal("fast", File.ReadAllText(Target));

        slow.Complete();

        Assert.Equal("slow", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(folder));
    }

    [Fact]
    public void Writers_of_one_file_at_a_time_do_not_disturb_each_other()
    {
        string[] texts = [.. Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 1000))];

        Parallel.For(
            0,
            400,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i => AtomicFile.WriteText(Target, texts[i % 8])
        );

        Assert.Contains(File.ReadAllText(Target), texts);
        Assert.Equal([Target], Directory.GetFiles(folder));
    }

    private string In(string name) => Path.Combine(folder, name);

    /// <summary>What a process leaves that is killed while it writes.</summary>
    private static void Kill(string target)
    {
        var disk = new BreakingDisk(2);
        Assert.Throws<BreakingDisk.Killed>(() =>
            AtomicFile.Write(
                target,
                stream =>
                {
                    using (stream)
                    {
                        stream.Write("half"u8);
                        stream.Write("whole"u8);
                    }
                },
                disk
            )
        );
    }
}
