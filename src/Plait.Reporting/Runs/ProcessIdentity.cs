using System.ComponentModel;
using System.Diagnostics;

namespace Plait.Reporting;

/// <summary>Names a process so that a later one can tell whether it still lives.</summary>
/// <remarks>The start time tells a process from a later one that was given the same number.</remarks>
/// <param name="Host">The machine's name.</param>
/// <param name="Id">The process id on that machine.</param>
/// <param name="Started">When the process started.</param>
public sealed record ProcessIdentity(string Host, int Id, DateTimeOffset Started)
{
    // Linux counts start times from boot, and the clock at boot is an estimate of each reader.
    private static readonly TimeSpan StartTimeTolerance = TimeSpan.FromSeconds(5);

    /// <summary>The process that asks.</summary>
    public static ProcessIdentity Current { get; } = OfCurrent();

    /// <summary>Whether the process is known to be gone; false for a process of another machine, of which nothing is known.</summary>
    public bool IsGone()
    {
        if (Host != Environment.MachineName)
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(Id);
            return (process.StartTime.ToUniversalTime() - Started.UtcDateTime).Duration() > StartTimeTolerance;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
        catch (Win32Exception)
        {
            return false; // It lives, as somebody else's.
        }
    }

    private static ProcessIdentity OfCurrent()
    {
        using var process = Process.GetCurrentProcess();
        return new(Environment.MachineName, Environment.ProcessId, process.StartTime.ToUniversalTime());
    }
}
