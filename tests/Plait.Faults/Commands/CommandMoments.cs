namespace Plait.Faults.Commands;

/// <summary>Draws when to kill a command, as a time from its start: now and then anywhere, else where it is at work.</summary>
/// <param name="random">The chance.</param>
/// <param name="end">When the unbroken command ended.</param>
internal sealed class CommandMoments(Random random, TimeSpan end)
{
    private const double ShareAnywhere = 0.15;
    private const double ShareOfStart = 0.35; // loading the runtime and torch

    public TimeSpan Next()
    {
        var from = random.NextDouble() < ShareAnywhere ? TimeSpan.Zero : end * ShareOfStart;
        return from + ((end - from) * random.NextDouble());
    }
}
