using System.ComponentModel;
using System.Diagnostics;

namespace Plait.Jobs.Runs;

/// <summary>Names a process so that a later one can tell whether it still lives.</summary>
/// <remarks>
/// A number is given to a later process once the first has ended. <see cref="Birth"/> tells them apart and does not change when
/// the clock is set; where the system does not say it, the start time has to do.
/// </remarks>
/// <param name="Host">The machine's name.</param>
/// <param name="Id">The process id on that machine.</param>
/// <param name="Started">When the process started, by the clock of that moment.</param>
public sealed record ProcessIdentity(string Host, int Id, DateTimeOffset Started)
{
    // The start time is a guess of each reader from the time since boot.
    private static readonly TimeSpan StartTimeTolerance = TimeSpan.FromSeconds(5);

    /// <summary>The process that asks.</summary>
    public static ProcessIdentity Current { get; } = OfCurrent();

    /// <summary>The system's boot and the process's start in ticks since then, on Linux; null elsewhere.</summary>
    public string? Birth { get; init; }

    /// <summary>Whether the process is known to be gone; false for a process of another machine, of which nothing is known.</summary>
    public bool IsGone()
    {
        if (Host != Environment.MachineName)
        {
            return false;
        }

        if (Birth is not null && ProcessBirth.Of(Id) is { } birth)
        {
            return Birth != birth;
        }

        try
        {
            using var process = Process.GetProcessById(Id);
            return Birth is not null
                ? !ProcessBirth.IsOfThisBoot(Birth)
                : (process.StartTime.ToUniversalTime() - Started.UtcDateTime).Duration() > StartTimeTolerance;
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
        return new(Environment.MachineName, Environment.ProcessId, process.StartTime.ToUniversalTime())
        {
            Birth = ProcessBirth.Of(Environment.ProcessId),
        };
    }
}
