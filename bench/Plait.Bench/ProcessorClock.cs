using Perfolizer.Horology;

namespace Plait.Bench;

/// <summary>The processor time of this process, all threads together: what other programs do hardly shows in it.</summary>
internal sealed class ProcessorClock : IClock
{
    public string Title => "Processor time";

    public bool IsAvailable => true;

    public Frequency Frequency { get; } = new(TimeSpan.TicksPerSecond);

    public long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
}
