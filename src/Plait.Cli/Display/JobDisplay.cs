using Plait.Benchmarks.Jobs;
using Spectre.Console;

namespace Plait.Cli.Display;

/// <summary>Shows trainings at work: a bar for each name on a terminal, a line for each quarter elsewhere, nothing when quiet.</summary>
internal sealed class JobDisplay(IAnsiConsole console, bool quiet)
{
    private const int Steps = 4;

    /// <summary>Shows work while it goes on.</summary>
    /// <param name="jobs">All trainings.</param>
    /// <param name="done">Those finished before.</param>
    /// <param name="work">Does the work; calls back, by one thread at a time, with a training and the share of it that is done.</param>
    public async Task WhileAsync(
        IReadOnlyList<PlannedJob> jobs,
        IEnumerable<PlannedJob> done,
        Func<Action<PlannedJob, double>, Task> work
    )
    {
        var shares = new Shares(jobs, done);
        if (quiet)
        {
            await work((_, _) => { });
        }
        else if (console.Profile.Capabilities is { Interactive: true, Ansi: true })
        {
            await ShowBarsAsync(shares, work);
        }
        else
        {
            await WriteLinesAsync(shares, work);
        }
    }

    private Task ShowBarsAsync(Shares shares, Func<Action<PlannedJob, double>, Task> work) =>
        console
            .Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn()
            )
            .StartAsync(async context =>
            {
                var bars = shares
                    .Names.Reverse()
                    .ToDictionary(name => name, name => context.AddTask(PrintableText.Escape(name), maxValue: 1));
                foreach (var (name, bar) in bars)
                {
                    bar.Value = shares.Of(name);
                }

                await work((job, share) => bars[job.Name].Value = shares.Tell(job, share));
            });

    /// <remarks>The library's own lines for such consoles leave the last one out.</remarks>
    private Task WriteLinesAsync(Shares shares, Func<Action<PlannedJob, double>, Task> work)
    {
        var written = shares.Names.ToDictionary(name => name, name => StepsOf(shares.Of(name)));
        return work(
            (job, share) =>
            {
                var steps = StepsOf(shares.Tell(job, share));
                if (steps > written[job.Name])
                {
                    written[job.Name] = steps;
                    console.WriteLine($"{job.Name}: {100 * steps / Steps}%");
                }
            }
        );
    }

    private static int StepsOf(double share) => (int)(share * Steps);

    /// <summary>How much of the trainings of each name is done, from 0 to 1; it never falls.</summary>
    private sealed class Shares
    {
        private readonly Dictionary<PlannedJob, double> ofJobs = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<string, PlannedJob[]> named;

        public Shares(IReadOnlyList<PlannedJob> jobs, IEnumerable<PlannedJob> done)
        {
            named = jobs.GroupBy(job => job.Name).ToDictionary(group => group.Key, group => group.ToArray());
            foreach (var job in done)
            {
                ofJobs[job] = 1;
            }
        }

        public IEnumerable<string> Names => named.Keys;

        public double Of(string name) => named[name].Average(job => ofJobs.GetValueOrDefault(job));

        public double Tell(PlannedJob job, double share)
        {
            ofJobs[job] = Math.Max(share, ofJobs.GetValueOrDefault(job));
            return Of(job.Name);
        }
    }
}
