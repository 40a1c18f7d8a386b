using System.IO.Compression;
using System.Text;

namespace Plait.Tabular.Tests;

/// <summary>A folder for one test's files.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("plait-tabular-");

    public string Path => folder.FullName;

    public string File(string name) => System.IO.Path.Combine(folder.FullName, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    public string WriteGzip(string name, string text)
    {
        using (var gzip = new GZipStream(System.IO.File.Create(File(name)), CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return File(name);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
