using System.Runtime.InteropServices;

namespace Plait.Cli.Hosting;

/// <summary>Ends the process under work that was given up.</summary>
/// <remarks>
/// The usual exit takes native libraries down first, and a thread that is at work in libtorch meanwhile crashes the process: its exit
/// code is then that of the crash.
/// </remarks>
internal static partial class QuickExit
{
    /// <summary>Ends it at once.</summary>
    public static void With(int code)
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(code);
        }

        ExitNow(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ExitNow(int code);
}
