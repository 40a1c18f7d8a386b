using Plait.Benchmarks.Comparison;
using Spectre.Console;

namespace Plait.Cli.Display;

/// <summary>Shows a comparison at work: a bar a recipe, on a terminal; a line a finished recipe elsewhere; nothing when told so.</summary>
internal sealed class ComparisonDisplay(IAnsiConsole console, bool quiet)
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
                var recipes = jobs.GroupBy(job => job.Recipe.Name)
                    .ToDictionary(group => group.Key, group => group.ToArray());
                var bars = recipes
                    .Reverse()
                    .ToDictionary(
                        pair => pair.Key,
                        pair => context.AddTask(Markup.Escape(pair.Key), maxValue: pair.Value.Length)
                    );
                foreach (var (name, bar) in bars)
                {
                    bar.Value = recipes[name].Sum(job => shares.GetValueOrDefault(job));
                }

                await work(
                    (job, share) =>
                    {
                        shares[job] = share;
                        bars[job.Recipe.Name].Value = recipes[job.Recipe.Name]
                            .Sum(one => shares.GetValueOrDefault(one));
                    }
                );
            });
    }
}
