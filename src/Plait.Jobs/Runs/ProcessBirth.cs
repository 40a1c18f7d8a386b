namespace Plait.Jobs.Runs;

/// <summary>What Linux says of the moment a process was born, whatever the clock showed then and shows now.</summary>
/// <remarks>proc(5): the third field of /proc/PID/stat is the state, the 22nd the start in clock ticks since the system's boot.</remarks>
internal static class ProcessBirth
{
    private const int StateField = 3;
    private const int StartField = 22;

    private static readonly string? Boot = Read("/proc/sys/kernel/random/boot_id")?.Trim();

    /// <summary>The boot and the start of a process, "BOOT/TICKS"; "BOOT/ended" of one that has ended and is still listed.</summary>
    /// <returns>Null where the system does not say: there is no such process, it is hidden, or this is not Linux.</returns>
    public static string? Of(int process)
    {
        if (Boot is null || Read($"/proc/{process}/stat") is not { } stat)
        {
            return null;
        }

        // The second field is the program's name in parentheses, and may hold anything.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var hasEnded = fields[0] is "Z" or "X";
        return $"{Boot}/{(hasEnded ? "ended" : fields[StartField - StateField])}";
    }

    /// <summary>Whether a birth is of a process that the system has started since its boot.</summary>
    public static bool IsOfThisBoot(string birth) => birth.StartsWith($"{Boot}/", StringComparison.Ordinal);

    private static string? Read(string file)
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText(file) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
