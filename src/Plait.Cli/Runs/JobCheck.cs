using Plait.Jobs;
using Plait.Jobs.Plans;

namespace Plait.Cli.Runs;

/// <summary>Refuses, before the first training, what was asked for together and does not go together.</summary>
internal static class JobCheck
{
    /// <summary>Goes as far as the first step of each training, and tells what the data and the networks say of themselves.</summary>
    /// <param name="jobs">The trainings, all on the same data; one of each name, since they differ in their seeds and tasks alone.</param>
    /// <param name="warn">Takes what a person should know of the data, such as rows that are left out, and of the networks.</param>
    /// <exception cref="CommandFailure">A network, a method and the data do not go together; the message names the training.</exception>
    public static void Require(IEnumerable<PlannedJob> jobs, Action<string> warn) =>
        AsUsage(() =>
        {
            PlanCheck.Require(jobs, warn);
            return warn;
        });

    /// <summary>Does what can fail only because things were asked for that do not go together.</summary>
    /// <param name="work">Does it.</param>
    /// <param name="who">What the failure is about, to be named before it; null where the failure names it.</param>
    /// <exception cref="CommandFailure">They do not.</exception>
    public static T AsUsage<T>(Func<T> work, string? who = null)
    {
        try
        {
            return work();
        }
        catch (Exception failure)
            when (failure
                    is ArgumentException
                        or InvalidOperationException
                        or (NotSupportedException and not PlatformNotSupportedException)
            )
        {
            var message = CommandFailure.MessageOf(failure);
            throw new CommandFailure(who is null ? message : $"{who}: {message}", ExitCode.Usage);
        }
    }
}
