using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plait.Torch;

/// <summary>What .NET does not say of files: whether a path is a pipe or a device, and that a folder's entries are on the disk.</summary>
/// <remarks>Both are asked of the C library of Linux. Elsewhere nothing is taken for a pipe, and folders are left to the system.</remarks>
internal static partial class FileNode
{
    private const int CurrentFolder = -100; // AT_FDCWD of fcntl.h
    private const uint TypeAlone = 1; // STATX_TYPE of statx(2)
    private const int DescriptionSize = 256;
    private const int ModePlace = 28; // stx_mode, the same on every processor
    private const int TypeMask = 0xF000; // S_IFMT of inode(7)
    private const int Folder = 0x4000;
    private const int Regular = 0x8000;
    private const int ReadAlone = 0x80000; // O_RDONLY | O_CLOEXEC

    /// <summary>Whether a path leads, through links, to a pipe, a device or a socket.</summary>
    public static bool IsStream(string path)
    {
        try
        {
            var description = new byte[DescriptionSize];
            return OperatingSystem.IsLinux()
                && Describe(CurrentFolder, path, 0, TypeAlone, description) == 0
                && (BitConverter.ToUInt16(description, ModePlace) & TypeMask) is not (Regular or Folder);
        }
        catch (Exception fault) when (IsAbsent(fault))
        {
            return false;
        }
    }

    /// <summary>Brings a folder's entries to the disk: a file that was renamed is under its new name after a loss of power.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public static void FlushFolder(string path)
    {
        try
        {
            // A folder that may be written but not listed cannot be opened: then it is left to the system.
            if (OperatingSystem.IsLinux() && Open(path, ReadAlone) is >= 0 and var number)
            {
                using var handle = new SafeFileHandle(number, ownsHandle: true);
                RandomAccess.FlushToDisk(handle);
            }
        }
        catch (Exception fault) when (IsAbsent(fault))
        {
            // Another C library than glibc.
        }
    }

    private static bool IsAbsent(Exception fault) => fault is DllNotFoundException or EntryPointNotFoundException;

    [LibraryImport("libc.so.6", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Describe(int folder, string path, int flags, uint mask, [Out] byte[] description);

    [LibraryImport("libc.so.6", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
