using System.Diagnostics;
using Plait.Faults.Processes;

namespace Plait.Faults.Killing;

/// <summary>Draws when to kill a host: mostly some steps on and a moment within a step, now and then before the first step or after the last.</summary>
/// <remarks>
/// Steps are counted, not timed, so that a busy machine kills where an idle one does. Each kill lands within the half that is still to
/// do, so several of them come before the end.
/// </remarks>
internal sealed class KillSteps(Random random, HostTimes unbroken)
{
    private const double ShareBefore = 0.1;
    private const double ShareAfter = 0.1;

    private int reached;

    /// <summary>Waits for the moment to kill.</summary>
    /// <returns>Whether it has come; else the process has ended before.</returns>
    public bool WaitForNext(Child child)
    {
        var draw = random.NextDouble();
        if (draw < ShareBefore)
        {
            return !child.EndsWithin(unbroken.Ready * random.NextDouble());
        }

        var left = unbroken.Steps - reached;
        var goal = draw < ShareBefore + ShareAfter ? unbroken.Steps : reached + random.Next((left / 2) + 1);
        while (!child.Lines.Any(line => IsStep(line.Line) && HostTimes.StepsOf(line.Line) >= goal))
        {
            if (child.EndsWithin(TimeSpan.FromMilliseconds(1)))
            {
                return false;
            }
        }

        reached = goal;
        var moment = unbroken.Step * (2 * random.NextDouble());
        var since = Stopwatch.StartNew();
        while (since.Elapsed < moment)
        {
            if (child.EndsWithin(TimeSpan.FromMilliseconds(0.5)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsStep(string line) => line.EndsWith(Host.TrainingHost.Training, StringComparison.Ordinal);
}
