namespace Plait.Benchmarks.Vision.Reading;

/// <summary>Lists folders, and names the first file that is missing from one.</summary>
internal static class FolderFiles
{
    /// <summary>The names of a folder's files of one ending, without it.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It has no such file.</exception>
    public static HashSet<string> Names(string folder, string ending)
    {
        RequireFolder(folder);
        var names = Directory
            .EnumerateFiles(folder, "*" + ending)
            .Select(path => Path.GetFileName(path)[..^ending.Length])
            .ToHashSet();
        return names.Count > 0
            ? names
            : throw new InvalidDataException($"'{folder}' is empty; expected files that end in {ending}.");
    }

    /// <summary>The names of a folder's folders, in order.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It has no folder in it.</exception>
    public static string[] Folders(string folder)
    {
        RequireFolder(folder);
        string[] names =
        [
            .. Directory
                .EnumerateDirectories(folder)
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal),
        ];
        return names.Length > 0
            ? names
            : throw new InvalidDataException($"'{folder}' has no folder in it; expected one or more.");
    }

    /// <summary>Refuses a folder that lacks a file of one of the rows.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A row has no file in it.</exception>
    public static void RequireAll(string folder, string ending, IEnumerable<string> rows, string because)
    {
        var names = Names(folder, ending);
        if (rows.FirstOrDefault(row => !names.Contains(row)) is { } missing)
        {
            var path = Path.Combine(folder, missing + ending);
            throw new FileNotFoundException($"There is no file '{path}', though {because}.", path);
        }
    }

    /// <summary>The lines of a text file that are not empty, trimmed, with their numbers from 1.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It has no line.</exception>
    public static IReadOnlyList<(int Number, string Text)> Lines(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no list '{path}'.", path);
        }

        (int, string)[] lines =
        [
            .. File.ReadLines(path).Select((line, i) => (i + 1, line.Trim())).Where(line => line.Item2.Length > 0),
        ];
        return lines.Length > 0 ? lines : throw new InvalidDataException($"The list '{path}' is empty.");
    }

    /// <summary>An error that names a file and a line of it.</summary>
    public static InvalidDataException Fault(string path, int line, string found, string expected) =>
        new($"'{path}', line {line}: found {found}; expected {expected}.");

    private static void RequireFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
        }
    }
}
