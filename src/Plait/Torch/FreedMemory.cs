using System.Runtime.InteropServices;

namespace Plait.Torch;

/// <summary>What becomes of the memory of tensors that are no more.</summary>
/// <remarks>
/// A step frees what it took. The C library of most Linux systems hands the free end of its heap back to the system once that is longer
/// than twice the largest block that it mapped by itself and freed so far (64 MiB at most; mallopt(3), <c>M_TRIM_THRESHOLD</c>), and the next step
/// has the same memory cleared page by page again, at a seventh of the time of a step of ResNet18 (bench/RESULTS.md). A process that keeps
/// it holds its peak until it ends.
/// </remarks>
public static partial class FreedMemory
{
    private const int TrimThreshold = -1; // M_TRIM_THRESHOLD of malloc.h
    private const int MapThreshold = -3; // M_MMAP_THRESHOLD
    private const int LargestMapThreshold = 32 << 20; // what the library allows at most; larger blocks go back by themselves

    /// <summary>Has this process keep freed memory for its next tensors. For programs to call at their start; a library should leave it to them.</summary>
    /// <returns>Whether it does: false where the C library is another one than glibc.</returns>
    public static bool Keep()
    {
        try
        {
            return OperatingSystem.IsLinux()
                && Set(MapThreshold, LargestMapThreshold) == 1
                && Set(TrimThreshold, int.MaxValue) == 1;
        }
        catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int Set(int parameter, int value);
}
