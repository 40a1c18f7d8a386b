using Plait.Benchmarks.Vision;

namespace Plait.Benchmarks.Tests.Vision;

/// <summary>A folder of a data set, made file by file; gone when disposed.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("plait-vision").FullName;

    public BenchmarkOptions Options => new() { DataDirectory = Path };

    public string File(string name) => System.IO.Path.Combine([Path, .. name.Split('/')]);

    public DataFolder Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(File(name))!);
        System.IO.File.WriteAllBytes(File(name), bytes);
        return this;
    }

    public DataFolder Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public DataFolder Delete(string name)
    {
        System.IO.File.Delete(File(name));
        return this;
    }

    /// <summary>Damages a file, lets the folder be checked, mends the file, and fails unless the error names it with all of some texts.</summary>
    public void AssertFault(FolderBenchmark benchmark, string name, byte[]? damaged, params string[] expected)
    {
        var whole = System.IO.File.Exists(File(name)) ? System.IO.File.ReadAllBytes(File(name)) : null;
        if (damaged is null)
        {
            Delete(name);
        }
        else
        {
            Write(name, damaged);
        }

        var error = Assert.ThrowsAny<Exception>(() => benchmark.Check(Path));
        Assert.True(error is InvalidDataException or IOException, error.ToString());
        Assert.DoesNotContain('\n', error.Message);
        Assert.All(
            expected,
            text =>
                Assert.Contains(
                    text.Replace("{folder}", Path, StringComparison.Ordinal),
                    error.Message,
                    StringComparison.Ordinal
                )
        );
        if (whole is null)
        {
            Delete(name);
        }
        else
        {
            Write(name, whole);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
