using System.Text.Json;
using Plait.Benchmarks;
using Plait.Benchmarks.Comparison;
using Plait.Jobs;

namespace Plait.Cli.Runs;

/// <summary>Networks that comparisons kept, as the teachers of another comparison.</summary>
internal static class ComparisonTeachers
{
    /// <summary>The teachers of each seed of a plan, out of the folders that a person named.</summary>
    /// <param name="plan">The plan, without teachers.</param>
    /// <param name="named">Folders of comparisons, whose single-task networks teach, or of single trainings.</param>
    /// <exception cref="CommandFailure">A folder holds no network, or one of another benchmark; or a seed has no teacher.</exception>
    public static IReadOnlyDictionary<long, IReadOnlyList<string>> Of(ComparisonPlan plan, IReadOnlyList<string> named)
    {
        if (named.Count == 0)
        {
            return plan.Teachers;
        }

        if (!plan.Jobs().Any(job => job.Job.Run.NeedsTeachers))
        {
            throw Wrong("--teachers are given, but no recipe learns from them; add --auxiliaries soft-targets.");
        }

        string[] folders = [.. named.SelectMany(FoldersOf)];
        if (folders.GroupBy(folder => folder).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
        {
            throw Wrong($"{twice}: --teachers names this network twice, and it would count twice; name it once.");
        }

        // Of a comparison's networks those teach that know a task; one that was named by itself is refused where it knows none.
        string[] tasks = [.. plan.ComparedTasks().Select(task => task.Name)];
        var bySeed = folders
            .Select(folder => (Folder: folder, Job: JobOf(folder, plan)))
            .Where(teacher => IsNamed(teacher.Folder) || teacher.Job.Tasks?.Intersect(tasks).Any() != false)
            .ToLookup(teacher => teacher.Job.Run.Seed, teacher => teacher.Folder);
        var alone = plan.Seeds.Where(seed => !bySeed.Contains(seed)).ToArray();
        return alone.Length == 0
            ? plan.Seeds.ToDictionary(seed => seed, seed => (IReadOnlyList<string>)[.. bySeed[seed]])
            : throw Wrong(
                $"--teachers has none of seed {string.Join(", ", alone)}, and those of another seed have learned from this one's test rows; keep networks of each seed (plait compare --keep-networks), or take fewer --seeds."
            );

        bool IsNamed(string folder) => named.Any(one => PathOf(one) == folder);
    }

    /// <summary>What a person should know of the teachers of a plan: tasks that they leave to the labels, one sentence each.</summary>
    public static IEnumerable<string> Notices(ComparisonPlan plan)
    {
        string[] tasks = [.. plan.ComparedTasks().Select(task => task.Name)];
        return from seed in plan.Teachers
            let untaught = tasks.Except(seed.Value.SelectMany(SavedNetwork.TasksOf)).ToArray()
            where untaught.Length > 0
            select $"No teacher of seed {seed.Key} teaches {string.Join(", ", untaught)}, learned from labels alone then.";
    }

    private static string PathOf(string named) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(named));

    private static IEnumerable<string> FoldersOf(string named)
    {
        var folder = PathOf(named);
        if (SavedNetwork.IsIn(folder))
        {
            return [folder];
        }

        var list = SavedBaselines.FileIn(folder);
        if (!File.Exists(list))
        {
            throw Directory.Exists(folder)
                ? Wrong(
                    $"{named}: there is no network of a comparison here; give --teachers the folder of a run of plait compare --keep-networks."
                )
                : new CommandFailure(
                    $"{named}: there is no such folder; --teachers takes the folder of a run of plait compare --keep-networks, such as plait-runs/runs/ID, and not its id."
                );
        }

        try
        {
            return SavedBaselines.In(folder);
        }
        catch (JsonException failure)
        {
            throw new CommandFailure($"{list}: this list of networks is damaged ({failure.Message}); keep them again.");
        }
    }

    private static TrainingJob JobOf(string folder, ComparisonPlan plan)
    {
        if (!SavedNetwork.IsIn(folder))
        {
            throw new CommandFailure($"{folder}: the network that was kept here is gone; keep it again.");
        }

        var job = SavedNetwork.JobOf(folder);
        var (had, wanted) = (Rows(job.Data), Rows(plan.Benchmark, plan.Split));
        return had == wanted
            ? job
            : throw Wrong(
                $"{folder}: this network was trained on {had}, and would teach on {wanted}, whose test rows it may have seen; compare with its --benchmark and --split, or keep networks of this comparison's (--keep-networks)."
            );
    }

    private static string Rows(DataSource data) =>
        data is BenchmarkSource source ? Rows(source.Benchmark, source.Split) : data.Name;

    private static string Rows(string benchmark, string? split) =>
        $"{benchmark}, split {split ?? BenchmarkCatalog.Get(benchmark).SplitNames[0]}";

    private static CommandFailure Wrong(string message) => new(message, ExitCode.Usage);
}
