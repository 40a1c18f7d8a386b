using Plait.Faults.Host;

namespace Plait.Faults.Killing;

/// <summary>How an unbroken training went: when its steps began, and how many there were.</summary>
/// <param name="Ready">From the start of the process to its first step.</param>
/// <param name="Steps">Steps.</param>
/// <param name="Step">The mean time from one step to the next, with a checkpoint between them.</param>
internal sealed record HostTimes(TimeSpan Ready, int Steps, TimeSpan Step)
{
    public static HostTimes Of(IReadOnlyList<(string Line, TimeSpan At)> lines, TimeSpan took)
    {
        var training = lines
            .Where(line => line.Line.EndsWith(TrainingHost.Training, StringComparison.Ordinal))
            .ToArray();
        if (training.Length == 0)
        {
            return new(took, 0, TimeSpan.Zero);
        }

        var last = StepsOf(training[^1].Line);
        return new(training[0].At, last, (took - training[0].At) / (last + 1));
    }

    /// <summary>The steps taken before a line was written.</summary>
    public static int StepsOf(string line) => int.Parse(line.Split(' ', 2)[0], null);
}
