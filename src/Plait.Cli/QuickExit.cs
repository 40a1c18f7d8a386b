using System.Reflection;
using System.Runtime.InteropServices;

namespace Plait.Cli;

/// <summary>Ends the process under work that was given up.</summary>
/// <remarks>
/// The usual exit takes native libraries down first, and a thread that is at work in libtorch meanwhile crashes the process: its exit
/// code is then that of the crash.
/// </remarks>
internal static unsafe partial class QuickExit
{
    private const int ErrorStream = 2;

    /// <summary>Finds what <see cref="Saying"/> needs while it can be found: nothing can be while a library loads.</summary>
    public static void Prepare()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var name in new[] { nameof(ExitNow), nameof(WriteNow) })
        {
            Marshal.Prelink(typeof(QuickExit).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!);
        }
    }

    /// <summary>Ends it at once.</summary>
    public static void With(int code)
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(code);
        }

        ExitNow(code);
    }

    /// <summary>Ends it at once with a line on the error stream, also while a library loads.</summary>
    /// <param name="code">The exit code.</param>
    /// <param name="line">The line with its end, in UTF-8.</param>
    public static void Saying(int code, ReadOnlySpan<byte> line)
    {
        if (!OperatingSystem.IsWindows())
        {
            fixed (byte* first = line)
            {
                _ = WriteNow(ErrorStream, first, line.Length);
            }
        }

        With(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ExitNow(int code);

    [LibraryImport("libc", EntryPoint = "write")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint WriteNow(int file, byte* bytes, nint count);
}
