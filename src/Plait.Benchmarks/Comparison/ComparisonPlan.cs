using System.Text.Json;
using Plait.Catalogue;
using Plait.Jobs;
using Plait.Jobs.Plans;
using Plait.Jobs.Runs;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Benchmarks.Comparison;

/// <summary>What is to be compared, as data: recipes, seeds and settings; and the trainings that it takes.</summary>
public sealed record ComparisonPlan : IStoredPlan
{
    /// <summary>The baseline's name: one network for each task.</summary>
    public const string Baseline = "single-task";

    private const string CrossStitch = "cross-stitch:rate=1";
    private const int FewTasks = 4;
    private const int PicturedRows = 2; // of the first seed, where there are answers to draw

    private static readonly JsonSerializerOptions Json = StoredJson.Plan(omitsNull: false);

    /// <summary>The benchmark's name.</summary>
    public required string Benchmark { get; init; }

    /// <summary>How its rows are divided; null for its default.</summary>
    public string? Split { get; init; }

    /// <summary>The folder that holds its files; null for the embedded data.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Whether rows are read when a batch asks for them even where they would fit in memory.</summary>
    public bool RowByRow { get; init; }

    /// <summary>What happens to the images that all networks learn from, as <see cref="AugmentationSpecification"/> reads it; null for nothing.</summary>
    public string? Augmentation { get; init; }

    /// <summary>The tasks to compare on, by name; null for all.</summary>
    public IReadOnlyList<string>? Tasks { get; init; }

    /// <summary>The seeds: each divides the rows and starts the networks anew.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>The recipes, the baseline not among them.</summary>
    public required IReadOnlyList<ComparedRecipe> Recipes { get; init; }

    /// <summary>For each seed the folders of kept networks that teach the recipes with a distillation; see <see cref="TrainingJob.KeepsNetwork"/>.</summary>
    /// <remarks>A network of another seed has learned from other rows, this one's test rows among them, and teaches none.</remarks>
    public IReadOnlyDictionary<long, IReadOnlyList<string>> Teachers { get; init; } =
        new Dictionary<long, IReadOnlyList<string>>();

    /// <summary>Whether the trained networks are kept in the folders of their runs.</summary>
    public bool KeepsNetworks { get; init; }

    /// <summary>What all trainings have in common; its methods and its seed are the recipes'.</summary>
    public required RunSpecification Settings { get; init; }

    RunKind IStoredPlan.Kind => RunKind.Comparison;

    string IStoredPlan.DataName => Benchmark;

    bool IStoredPlan.AllowsFailures => true;

    /// <summary>The recipes to start from: the plain network, each kind of balancing on it, and other architectures.</summary>
    /// <remarks>
    /// MGDA looks at the shared representation, as its authors do for speed, where there is one. Cross-stitch networks cost as
    /// much as one network for each task, so they take part where the tasks are few. What joins networks learns at the rate of the
    /// rest: the hundredfold rate of the papers is for plain gradient descent, and these trainings use Adam.
    /// </remarks>
    public static IReadOnlyList<ComparedRecipe> DefaultRecipes(Benchmark benchmark)
    {
        ArgumentNullException.ThrowIfNull(benchmark);
        return benchmark.Tasks.Any(task => task.Output.IsDense) ? DenseRecipes : VectorRecipes(benchmark);
    }

    /// <summary>The rows of the dense survey's tables: encoder-focused, decoder-focused and optimization.</summary>
    private static IReadOnlyList<ComparedRecipe> DenseRecipes { get; } =
    [
        ComparedRecipe.Of("hps"),
        ComparedRecipe.Of(CrossStitch),
        ComparedRecipe.Of("nddr-cnn:rate=1"),
        ComparedRecipe.Of("mtan"),
        ComparedRecipe.Of("pad-net"),
        ComparedRecipe.Of("dense-mtl"),
        ComparedRecipe.Of("mti-net"),
        ComparedRecipe.Of("hps", "uncertainty"),
        ComparedRecipe.Of("hps", "gradnorm"),
        ComparedRecipe.Of("hps", "dwa"),
        ComparedRecipe.Of("hps", aggregator: "mgda:at=representation"),
    ];

    private static IReadOnlyList<ComparedRecipe> VectorRecipes(Benchmark benchmark)
    {
        return
        [
            ComparedRecipe.Of("hps"),
            ComparedRecipe.Of("hps", "uncertainty"),
            ComparedRecipe.Of("hps", "dwa"),
            ComparedRecipe.Of("hps", aggregator: "pcgrad"),
            ComparedRecipe.Of("hps", aggregator: benchmark.Streams.AreShared ? "mgda:at=representation" : "mgda"),
            ComparedRecipe.Of("mmoe"),
            .. benchmark.Tasks.Count <= FewTasks ? [ComparedRecipe.Of(CrossStitch)] : Array.Empty<ComparedRecipe>(),
        ];
    }

    /// <summary>
    /// The trainings, by seed so that the data of one serves the next; the baseline has one for each task. Those that start from trained
    /// networks of single tasks come after all others.
    /// </summary>
    public IReadOnlyList<PlannedJob> Jobs() => [.. FreshJobs(), .. StartedJobs([])];

    /// <summary>The place of each job's recipe among <see cref="Recipes"/>; -1 for the baseline.</summary>
    private IEnumerable<int> PlacesOfJobs()
    {
        var baseline = Enumerable.Repeat(-1, ComparedTasks().Count).ToArray();
        var places = Enumerable.Range(0, Recipes.Count).Reverse().ToLookup(i => Recipes[i].StartsFromSingleTasks);
        return Seeds.SelectMany(_ => places[false].Concat(baseline)).Concat(Seeds.SelectMany(_ => places[true]));
    }

    /// <inheritdoc/>
    public IReadOnlyList<PlannedJob> Next(IReadOnlyList<FinishedJob> finished)
    {
        ArgumentNullException.ThrowIfNull(finished);
        return finished.Count == 0 ? FreshJobs()
            : finished.Count < Jobs().Count ? StartedJobs(finished)
            : [];
    }

    /// <summary>Draws the results of all trainings together.</summary>
    /// <param name="results">
    /// The result of each of <see cref="Jobs"/>, in their order; null for one that failed. Where one did, those of later stages may be left out.
    /// </param>
    /// <param name="failures">Why each of those failed, in the same order; null where none did.</param>
    /// <returns>A recipe whose training failed has a row that says so, with what its other seeds came to.</returns>
    /// <exception cref="ArgumentException">There are more results than trainings, fewer though none failed, or not as many failures.</exception>
    public ComparisonTable Table(IReadOnlyList<JobResult?> results, IReadOnlyList<string?>? failures = null)
    {
        ArgumentNullException.ThrowIfNull(results);
        var jobs = Jobs();
        var isWhole = results.Count == jobs.Count || (results.Count < jobs.Count && results.Contains(null));
        if (!isWhole || (failures is not null && failures.Count != results.Count))
        {
            throw new ArgumentException(
                $"This plan has {jobs.Count} trainings; got {results.Count} results{(failures is null ? "" : $" and {failures.Count} failures")}.",
                nameof(results)
            );
        }

        var tasks = ComparedTasks();
        var builder = new ComparisonBuilder(Benchmark, tasks, Baseline);
        var recipes = ComparedRecipe.Distinguish(Recipes);
        var groups = PlacesOfJobs()
            .Select(
                (place, i) =>
                    (
                        Place: place,
                        jobs[i].Job,
                        Result: results.ElementAtOrDefault(i),
                        Failure: failures?.ElementAtOrDefault(i)
                    )
            )
            .GroupBy(training => (training.Place, training.Job.Run.Seed))
            .OrderBy(group => group.Key.Place);
        foreach (var group in groups)
        {
            var (place, seed) = group.Key;
            if ((place < 0 ? BaselineRecipe : recipes[place]) is not { } recipe)
            {
                continue; // what came twice was trained twice, to the same end
            }

            if (group.FirstOrDefault(training => training.Result is null) is { Job: not null } failed)
            {
                var reason = failed.Failure ?? "It was not trained, because others before it failed.";
                builder.AddFailure(recipe, seed, place < 0 ? $"{failed.Job.Tasks![0]}: {reason}" : reason);
                continue;
            }

            JobResult[] parts = [.. group.Select(training => training.Result!)];
            builder.Add(
                recipe,
                new SeedResult(
                    seed,
                    TaskMetrics.FromDictionary(tasks, parts.SelectMany(result => result.Metrics).ToDictionary()),
                    parts.Sum(result => result.Parameters),
                    parts.Sum(result => result.Seconds)
                )
                {
                    SkippedSteps = parts.Sum(result => result.SkippedSteps),
                }
            );
        }

        return builder.Build();
    }

    string IStoredPlan.Conclude(IReadOnlyList<EndedJob> ended, string folder)
    {
        if (KeepsNetworks)
        {
            SavedBaselines.Keep(folder, ended);
        }

        return Table([.. ended.Select(job => job.Result)], [.. ended.Select(job => job.Failure)]).ToJson();
    }

    /// <summary>The plan as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a plan.</exception>
    public static ComparisonPlan FromJson(string json) =>
        StoredJson.Read<ComparisonPlan>(json, Json, "a comparison's plan");

    /// <summary>The tasks to compare on.</summary>
    /// <exception cref="FormatException">The benchmark has no task of some name.</exception>
    public TaskSet ComparedTasks()
    {
        var all = BenchmarkCatalog.Get(Benchmark).Tasks;
        if (Tasks is null)
        {
            return all;
        }

        var unknown = Tasks.FirstOrDefault(name => all.All(task => task.Name != name));
        return unknown is null
            ? new TaskSet(all.Where(task => Tasks.Contains(task.Name)))
            : throw new FormatException(
                $"'{Benchmark}' has no task '{unknown}'{NameSuggestion.Hint(unknown, all.Select(task => task.Name))}; choose from {string.Join(", ", all)}."
            );
    }

    internal static ComparedRecipe BaselineRecipe { get; } = new(Baseline, "single-task", "equal", "sum");

    private RunSpecification Taught(RunSpecification run) =>
        run.NeedsTeachers && Teachers.TryGetValue(run.Seed, out var folders) ? run with { Teachers = folders } : run;

    /// <exception cref="InvalidOperationException">There is no seed, one stands twice, or recipes share a name that somebody gave.</exception>
    private void RequireSeedsAndNames()
    {
        if (Seeds.Count == 0 || Seeds.Distinct().Count() < Seeds.Count)
        {
            throw new InvalidOperationException(
                $"A comparison has seeds, each once; got {(Seeds.Count == 0 ? "none" : string.Join(", ", Seeds))}."
            );
        }

        var names = Recipes.Select(recipe => recipe.Name).Append(Baseline).ToArray();
        var wrong = Recipes.FirstOrDefault(recipe =>
            recipe.IsNamed && (recipe.Name.Length == 0 || names.Count(name => name == recipe.Name) > 1)
        );
        if (wrong is not null)
        {
            throw new InvalidOperationException(
                $"Recipes of a comparison have names, each once, and '{Baseline}' is the baseline's; got '{wrong.Name}'{(wrong.Name.Length > 0 ? " twice" : "")}."
            );
        }
    }

    private List<PlannedJob> FreshJobs()
    {
        RequireSeedsAndNames();
        var tasks = ComparedTasks();
        var keeps = Recipes.Any(recipe => recipe.StartsFromSingleTasks);
        var jobs = new List<PlannedJob>();
        foreach (var seed in Seeds)
        {
            jobs.AddRange(
                Recipes
                    .Where(recipe => !recipe.StartsFromSingleTasks)
                    .Reverse()
                    .Select(recipe => new PlannedJob(recipe.Name, Job(recipe, seed, Tasks)))
            );
            jobs.AddRange(
                tasks.Select(task => new PlannedJob(
                    Baseline,
                    Job(BaselineRecipe, seed, [task.Name]) with
                    {
                        KeepsNetwork = KeepsNetworks || keeps,
                    }
                ))
            );
        }

        return jobs;
    }

    /// <summary>The trainings that start from the baseline's networks of their seed, once those are there.</summary>
    private List<PlannedJob> StartedJobs(IReadOnlyList<FinishedJob> finished) =>
        [
            .. from seed in Seeds
            let folders = finished
                .Where(done => done.Planned.Name == Baseline && done.Planned.Job.Run.Seed == seed)
                .Select(done => done.Folder)
                .ToArray()
            from recipe in Recipes.Where(recipe => recipe.StartsFromSingleTasks).Reverse()
            select new PlannedJob(recipe.Name, Job(recipe, seed, Tasks) with { StartsFrom = folders }),
        ];

    private TrainingJob Job(ComparedRecipe recipe, long seed, IReadOnlyList<string>? tasks) =>
        new()
        {
            Data = new BenchmarkSource
            {
                Benchmark = Benchmark,
                Split = Split,
                DataDirectory = DataDirectory,
                RowByRow = RowByRow,
            },
            Augmentation = Augmentation,
            Tasks = tasks,
            KeepsAnswers = seed == Seeds[0] && ComparedTasks().Any(task => task.Output.IsDense) ? PicturedRows : 0,
            KeepsNetwork = KeepsNetworks,
            Run = Taught(recipe.In(Settings, seed)),
        };
}
