namespace Plait.Torch;

/// <summary>Where an output goes: links are followed to what they lead to, which need not be there yet.</summary>
/// <param name="Path">The place itself, without links.</param>
/// <param name="IsStream">Whether it is a pipe, a device or an open file, whose place no other file can take.</param>
internal readonly record struct OutputPlace(string Path, bool IsStream)
{
    private const int MostLinks = 40; // as many as Linux follows

    private static readonly char[] Separators =
    [
        System.IO.Path.DirectorySeparatorChar,
        System.IO.Path.AltDirectorySeparatorChar,
    ];

    /// <summary>Finds the place of a path.</summary>
    /// <exception cref="IOException">Its links lead in a circle.</exception>
    public static OutputPlace Of(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        var place = System.IO.Path.GetPathRoot(full)!;
        var rest = new Stack<string>(Names(full[place.Length..]));
        for (var links = 0; rest.TryPop(out var name); )
        {
            if (name == "..")
            {
                place = System.IO.Path.GetDirectoryName(place) ?? place;
                continue;
            }

            if (IsOpenFiles(place))
            {
                return new(System.IO.Path.Combine(place, name), IsStream: true);
            }

            var next = System.IO.Path.Combine(place, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                place = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException(
                    $"{path}: its links lead in a circle; remove one of them, or choose another file."
                );
            }

            if (System.IO.Path.IsPathRooted(target))
            {
                place = System.IO.Path.GetPathRoot(target)!;
                target = target[place.Length..];
            }

            foreach (var one in Names(target))
            {
                rest.Push(one);
            }
        }

        return new(place, FileNode.IsStream(place));
    }

    /// <summary>Opens a stream to write to it as it stands.</summary>
    public Stream Open() =>
        Path == OfThisProcess(1) ? Console.OpenStandardOutput()
        : Path == OfThisProcess(2) ? Console.OpenStandardError()
        : new FileStream(
            Path,
            FileNode.IsStream(Path) ? FileMode.Open : FileMode.Append,
            FileAccess.Write,
            FileShare.ReadWrite
        );

    private static string OfThisProcess(int number) => $"/proc/{Environment.ProcessId}/fd/{number}";

    /// <summary>Whether a folder is that of a process's open files, to which /dev/stdout and /dev/fd lead.</summary>
    private static bool IsOpenFiles(string folder) =>
        folder.StartsWith("/proc/", StringComparison.Ordinal) && folder.EndsWith("/fd", StringComparison.Ordinal);

    /// <summary>The names of a path, the last one first.</summary>
    private static IEnumerable<string> Names(string path) =>
        path.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".").Reverse();
}
