using Plait.Faults.Processes;

namespace Plait.Faults.Commands;

/// <summary>Trains where there is no room, then where there is, and compares with a training that always had some.</summary>
internal static class FullDisk
{
    private const int Failed = 1;

    /// <summary>A checkpoint of it takes about a megabyte, the run store a twentieth of that.</summary>
    private static readonly string[] Options = ["--patience", "0", "--epochs", "4", "--encoder", "mlp:widths=256-256"];

    /// <summary>Mounts a small disk that only this shell and its children see, trains on it, makes it large, goes on, and keeps what came of it.</summary>
    private const string OnSmallDisk = """
        mount -t tmpfs -o "size=$1k" none "$2" || exit 99
        place=$2; store=$3; program=("${@:4:2}"); shift 3
        "$@"
        code=$?
        mount -o remount,size=64m "$place" || exit 99
        "${program[@]}" resume --store "$store" > /dev/null 2>&1 || "$@" > /dev/null || exit 98
        cp -a "$place/." "$place.kept"
        exit $code
        """;

    /// <summary>Whether users may mount disks that only they see, as Linux mostly lets them.</summary>
    public static bool CanMount()
    {
        try
        {
            using var child = Child.StartTool("unshare", "-Urm", "mount", "-t", "tmpfs", "none", "/tmp");
            return child.Wait().Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // there is no such tool
        }
    }

    /// <summary>With a disk of some size.</summary>
    /// <param name="size">In KiB.</param>
    /// <returns>What was not as it should be; nothing where all was.</returns>
    public static IReadOnlyList<string> OnDiskOf(int size)
    {
        using var broken = new TableTraining(200, Options);
        using var child = PlaitProgram.StartThrough(
            ["unshare", "-Urm", "bash", "-c", OnSmallDisk, "bash", $"{size}", broken.Disk, broken.Store],
            broken.Command
        );
        var ending = child.Wait();
        if (ending.Code is 98 or 99)
        {
            return [$"on a disk of {size} KiB, with room again: {ending.Error}"];
        }

        Directory.Delete(broken.Disk);
        Directory.Move($"{broken.Disk}.kept", broken.Disk);
        return [.. FaultsOf($"on a disk of {size} KiB", ending, broken, says: ["space", "room"])];
    }

    /// <summary>With files that may not grow beyond a size.</summary>
    /// <param name="size">In KiB.</param>
    /// <returns>What was not as it should be; nothing where all was.</returns>
    public static IReadOnlyList<string> WithFilesUpTo(int size)
    {
        using var broken = new TableTraining(200, Options);
        using var child = PlaitProgram.StartWithSmallFiles(size, broken.Command);
        var ending = child.Wait();
        var name = $"with files up to {size} KiB";
        return broken.Next() is { } next && PlaitProgram.Run(next) is { Code: not 0 } resumed
            ? [$"{name}, with room again: exit code {resumed.Code}: {resumed.Error}"]
            : [.. FaultsOf(name, ending, broken, says: ["space", "room"])];
    }

    private static IEnumerable<string> FaultsOf(string name, Ending ending, TableTraining broken, string[] says)
    {
        if (ending.Code != 0)
        {
            if (ending.FaultOfFailure(Failed) is { } fault)
            {
                yield return $"{name}: {fault}";
            }
            else if (!says.Any(text => ending.Error.Contains(text, StringComparison.Ordinal)))
            {
                yield return $"{name}: does not say how to put it right: {ending.Error}";
            }
        }

        foreach (var difference in broken.Differences())
        {
            yield return $"{name} {difference} differs";
        }
    }
}
