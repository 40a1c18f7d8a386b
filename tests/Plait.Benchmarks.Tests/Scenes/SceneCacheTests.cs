using Plait.Benchmarks.Scenes;

namespace Plait.Benchmarks.Tests.Scenes;

public sealed class SceneCacheTests : IDisposable
{
    private const int Count = 3;
    private const int Side = 12;
    private const long Seed = 5;

    private readonly FolderOfFiles folder = new();
    private readonly SceneSet rendered = SceneSet.Render(Count, Side, Seed);

    private string File => Path.Combine(folder.Path, SceneFile.NameOf(Count, Side, Seed));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_set_comes_back_from_its_file_bit_by_bit()
    {
        var cache = new SceneCache(folder.Path);

        Assert.Equal(SceneSetTests.Bytes(rendered), SceneSetTests.Bytes(cache.Get(Count, Side, Seed)));
        Assert.True(System.IO.File.Exists(File));
        Assert.Equal(SceneSetTests.Bytes(rendered), SceneSetTests.Bytes(cache.Get(Count, Side, Seed)));
        Assert.Equal([File], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_set_with_a_file_is_not_rendered_again()
    {
        rendered.Images[7] ^= 1; // as no renderer would draw it
        SceneFile.Write(File, rendered, Seed);

        Assert.Equal(rendered.Images, new SceneCache(folder.Path).Get(Count, Side, Seed).Images);
    }

    [Fact]
    public void A_file_damaged_anywhere_is_rendered_anew_and_replaced()
    {
        SceneFile.Write(File, rendered, Seed);
        var whole = System.IO.File.ReadAllBytes(File);
        var places = Enumerable.Range(0, 180).Select(i => 9 * i).Concat([whole.Length / 2, whole.Length - 1]);
        foreach (var place in places)
        {
            var damaged = whole.ToArray();
            damaged[place] ^= 4;
            System.IO.File.WriteAllBytes(File, damaged);
            try
            {
                // A bit of what is between the tensors' descriptions may be free; none of the content is.
                Assert.Equal(
                    SceneSetTests.Bytes(rendered),
                    SceneSetTests.Bytes(SceneFile.Read(File, Count, Side, Seed))
                );
            }
            catch (InvalidDataException error)
            {
                Assert.Contains(File, error.Message, StringComparison.Ordinal);
            }
        }

        System.IO.File.WriteAllBytes(File, whole[..^1]);
        RequireAnew(whole);
        System.IO.File.WriteAllText(File, "not a set at all");
        RequireAnew(whole);
        System.IO.File.WriteAllBytes(File, []);
        RequireAnew(whole);
    }

    [Fact]
    public void Another_sets_file_under_this_name_is_not_taken_for_it()
    {
        SceneFile.Write(File, SceneSet.Render(Count, Side, Seed + 1), Seed + 1);
        Assert.Equal(
            SceneSetTests.Bytes(rendered),
            SceneSetTests.Bytes(new SceneCache(folder.Path).Get(Count, Side, Seed))
        );

        var error = Assert.Throws<InvalidDataException>(() => SceneFile.Read(File, Count + 1, Side, Seed));
        Assert.Contains($"{Count + 1} of side {Side}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_is_no_error()
    {
        folder.Write("taken", "a file where the folder should be");
        var nowhere = new SceneCache(Path.Combine(folder.Path, "taken", "below"));

        Assert.Equal(SceneSetTests.Bytes(rendered), SceneSetTests.Bytes(nowhere.Get(Count, Side, Seed)));
        Assert.Equal(SceneSetTests.Bytes(rendered), SceneSetTests.Bytes(new SceneCache(null).Get(Count, Side, Seed)));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void The_users_folder_is_the_chosen_one_then_the_desktops_then_the_systems()
    {
        Assert.Equal("/chosen", Of(("PLAIT_CACHE", "/chosen"), ("XDG_CACHE_HOME", "/cache")));
        Assert.Equal(Path.Combine("/cache", "plait", "scenes"), Of(("PLAIT_CACHE", ""), ("XDG_CACHE_HOME", "/cache")));
        var system = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        Assert.Equal(system.Length == 0 ? null : Path.Combine(system, "plait", "scenes"), Of());

        static string? Of(params (string Name, string Value)[] variables) =>
            SceneCache.UserDirectory(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
    }

    private void RequireAnew(byte[] whole)
    {
        Assert.Equal(
            SceneSetTests.Bytes(rendered),
            SceneSetTests.Bytes(new SceneCache(folder.Path).Get(Count, Side, Seed))
        );
        Assert.Equal(whole, System.IO.File.ReadAllBytes(File));
    }
}
