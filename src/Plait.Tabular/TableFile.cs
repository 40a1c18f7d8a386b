using System.Text;
using ICSharpCode.SharpZipLib.GZip;
using Plait.Torch;

namespace Plait.Tabular;

/// <summary>Opens files as text: UTF-8, or UTF-16 with its mark, gzipped or not, whatever the file is called.</summary>
internal static class TableFile
{
    private const int BufferSize = 1 << 16;

    public static TextReader Open(string path, ReadingLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize);
            // GZipStream of .NET takes a file that was cut short for a whole one; this one checks length and checksum.
            var content = IsGzip(file) ? Unpack(file, limits) : file;
            var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            return new StreamReader(content, strict, detectEncodingFromByteOrderMarks: true, BufferSize);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw TableException.At(path, null, null, "there is no such file; check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var remedy = Directory.Exists(path)
                ? "this is a folder; give the CSV file in it."
                : $"the file cannot be opened ({e.Message.TrimEnd('.')}); check that you may read it.";
            throw TableException.At(path, null, null, remedy, e);
        }
    }

    private static Stream Unpack(FileStream file, ReadingLimits? limits)
    {
        var unpacked = new GZipInputStream(file, BufferSize);
        return file.CanSeek
            ? new BoundedStream(unpacked, new ReadingBudget(name: null, file.Length, limits))
            : unpacked;
    }

    private static bool IsGzip(FileStream file)
    {
        if (!file.CanSeek)
        {
            return file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        }

        Span<byte> start = stackalloc byte[2];
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && start[0] == 0x1f && start[1] == 0x8b;
    }
}
