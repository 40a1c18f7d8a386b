namespace Plait.Jobs.Plans;

/// <summary>Refuses, before the first training, what was asked for together and does not go together.</summary>
public static class PlanCheck
{
    /// <summary>Goes as far as the first step of each training, and tells what the data and the networks say of themselves.</summary>
    /// <param name="jobs">The trainings, all on the same data; one of each name is looked at, since they differ in their seeds and tasks alone.</param>
    /// <param name="notice">Takes what a person should know of the data, such as rows that are left out, and of the networks.</param>
    /// <exception cref="ArgumentException">A network, a method and the data do not go together; the message names the training.</exception>
    /// <exception cref="FormatException">There is no such method, or it has no such option.</exception>
    /// <exception cref="IOException">The data cannot be read.</exception>
    public static void Require(IEnumerable<PlannedJob> jobs, Action<string> notice)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        ArgumentNullException.ThrowIfNull(notice);
        var named = jobs.DistinctBy(job => job.Name).ToArray();
        using var data = named[0].Job.Data.Load(named[0].Job.Run.Seed);
        foreach (var said in data.Notices)
        {
            notice($"{named[0].Job.Data.Name}: {said}");
        }

        foreach (var planned in named)
        {
            foreach (var said in Check(planned, data))
            {
                notice($"{planned.Name}: {said}");
            }
        }
    }

    private static IReadOnlyList<string> Check(PlannedJob planned, IDataParts data)
    {
        try
        {
            return planned.Job.Check(data);
        }
        catch (Exception failure)
            when (failure
                    is ArgumentException
                        or InvalidOperationException
                        or (NotSupportedException and not PlatformNotSupportedException)
            )
        {
            throw new ArgumentException($"{planned.Name}: {FailureMessage.Of(failure)}", failure);
        }
    }
}
