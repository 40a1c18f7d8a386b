using Plait.Benchmarks.Jobs;
using Spectre.Console;

namespace Plait.Cli.Display;

/// <summary>Shows trainings at work: a bar for each name on a terminal, lines elsewhere, nothing when quiet.</summary>
internal sealed class JobDisplay(IAnsiConsole console, bool quiet)
{
    /// <summary>Shows work while it goes on.</summary>
    /// <param name="jobs">All trainings.</param>
    /// <param name="done">Those finished before.</param>
    /// <param name="work">Does the work; calls back with a training and the share of it that is done.</param>
    public async Task WhileAsync(
        IReadOnlyList<PlannedJob> jobs,
        IEnumerable<PlannedJob> done,
        Func<Action<PlannedJob, double>, Task> work
    )
    {
        var shares = new Dictionary<PlannedJob, double>(ReferenceEqualityComparer.Instance);
        foreach (var job in done)
        {
            shares[job] = 1;
        }

        if (quiet)
        {
            await work((_, _) => { });
            return;
        }

        await console
            .Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn()
            )
            .StartAsync(async context =>
            {
                var named = jobs.GroupBy(job => job.Name).ToDictionary(group => group.Key, group => group.ToArray());
                var bars = named
                    .Reverse()
                    .ToDictionary(
                        pair => pair.Key,
                        pair => context.AddTask(PrintableText.Escape(pair.Key), maxValue: pair.Value.Length)
                    );
                foreach (var (name, bar) in bars)
                {
                    bar.Value = named[name].Sum(job => shares.GetValueOrDefault(job));
                }

                await work(
                    (job, share) =>
                    {
                        shares[job] = share;
                        bars[job.Name].Value = named[job.Name].Sum(one => shares.GetValueOrDefault(one));
                    }
                );
            });
    }
}
