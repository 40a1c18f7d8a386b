using System.CommandLine;
using Plait.Benchmarks;
using Plait.Benchmarks.Extension;
using Plait.Catalogue;
using Plait.Cli.Arguments;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Jobs;
using Plait.Jobs.Plans;
using Plait.Jobs.Runs;
using Plait.Training;

namespace Plait.Cli.Commands;

/// <summary>Teaches further tasks to networks that a comparison kept.</summary>
internal static class ExtendCommand
{
    private static readonly Argument<string> Run = new("run")
    {
        Description =
            "The id, or the start of it, or last: a run of plait compare --keep-networks or of plait extend, or one of its trainings.",
    };
    private static readonly Option<string?> Tasks = new("--tasks")
    {
        Description = "The further tasks, such as depth,normals; of the run's benchmark.",
        HelpName = "LIST",
    };
    private static readonly Option<string?> Recipe = new("--recipe")
    {
        Description = "Of which recipe's networks, where several of the run take further tasks.",
        HelpName = "NAME",
    };
    private static readonly RunSpecification Usual = new();
    private static readonly RunSettings Settings = new(
        Usual,
        property =>
            property
                is not (
                    nameof(RunSpecification.Network)
                    or nameof(RunSpecification.Encoder)
                    or nameof(RunSpecification.EncoderWeights)
                    or nameof(RunSpecification.Images)
                    or nameof(RunSpecification.Head)
                    or nameof(RunSpecification.Auxiliaries)
                ),
        left: property =>
            property
                is nameof(RunSpecification.Optimizer)
                    or nameof(RunSpecification.LearningRate)
                    or nameof(RunSpecification.Epochs)
                    or nameof(RunSpecification.BatchSize)
                    or nameof(RunSpecification.Patience)
                    or nameof(RunSpecification.AccumulatedBatches),
        to: "the run's"
    );
    private static readonly Option<string?> Augment = Method(
        "--augment",
        "What happens to the images that are learned from; as in the run by default."
    );
    private static readonly Option<int> Workers = CommonOptions.Workers();
    private static readonly Option<string> Store = CommonOptions.Store();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "extend",
            """
            Teach further tasks to networks that a comparison kept, which leaves no trace in the tasks that they have learned.

            Examples:
              plait compare -b scenes --tasks segmentation --networks rcm --encoder-weights FILE --keep-networks
              plait extend last --tasks depth,normals
              plait extend 261122-1815 --tasks edges --epochs 20

            Each seed's network gets what the further tasks need of their own, which alone is trained, and is kept with all of its tasks in a run of its own.
            With --json one object is printed:
              {benchmark, from, recipe, seeds:[...], tasks:[{name, metric, higherIsBetter, isNew, primary:{mean, std},
               metrics:[{METRIC: number}, one a seed]}], parameters, seconds, skippedSteps}
            """
        )
        {
            Run,
            Tasks,
            Recipe,
            Settings.Rates,
            Augment,
            Workers,
            Store,
            Json,
        };
        foreach (var option in Settings.Options)
        {
            command.Add(option);
        }

        command.Last = () =>
            $"For networks whose tasks share nothing that learns: {string.Join(", ", FurtherTasks.Takers)}.";
        command.SetAction(
            async (arguments, cancel) =>
            {
                using var store = RunStore.OpenExisting(arguments.GetValue(Store)!);
                var plan = Plan(arguments, store);
                JobCheck.Require(plan.Jobs, arguments.InvocationConfiguration.Warn);
                var json = arguments.GetValue(Json);
                var runs = PlanRuns.Of(arguments, store, arguments.GetValue(Workers), quiet: json);
                Show(arguments, await runs.StartAsync(plan, "extend", cancel), json);
                return ExitCode.Success;
            }
        );
        return command;
    }

    /// <summary>Prints what the networks reach on all of their tasks.</summary>
    public static void Show(ParseResult arguments, ReportedRun outcome, bool json)
    {
        var table = ExtensionTable.FromJson(outcome.Result);
        var output = arguments.InvocationConfiguration.Output;
        if (json)
        {
            output.WriteLine(table.ToJson(indented: true));
            return;
        }

        ExtensionDisplay.Write(Terminal.For(output), table);
        output.WriteLine();
        output.WriteLine($"Run:    {outcome.Id}");
        output.WriteLine($"Report: {outcome.Report}");
    }

    private static ExtensionPlan Plan(ParseResult arguments, RunStore store)
    {
        if (NameList.Parse(Tasks.Name, arguments.GetValue(Tasks)) is not { } tasks)
        {
            throw Wrong("Name the further tasks: --tasks LIST.");
        }

        var run = store.Find(arguments.GetValue(Run)!);
        PluginOption.RequireThoseOf(store, run.Id, "extend");
        var (recipe, networks) = JobCheck.AsUsage(() => SavedNetworks.Of(store, run, arguments.GetValue(Recipe)));
        var first = networks[0].Job;
        var benchmark = first.Data is BenchmarkSource source
            ? BenchmarkCatalog.Get(source.Benchmark)
            : throw Wrong($"run {run.Id} is on a table; networks of benchmarks take further tasks.");
        string[] all = [.. benchmark.Tasks.Select(task => task.Name)];
        string[] there = [.. all.Where(task => first.Tasks?.Contains(task) != false)];
        if (tasks.FirstOrDefault(task => !all.Contains(task)) is { } unknown)
        {
            var left = all.Except(there).ToArray();
            throw Wrong(
                $"'{benchmark.Name}', which run {run.Id} is on, has no task '{unknown}'{NameSuggestion.Hint(unknown, left)}; choose from {(left.Length == 0 ? "nothing: the network has them all" : string.Join(", ", left))}."
            );
        }

        if (tasks.FirstOrDefault(there.Contains) is { } twice)
        {
            throw Wrong($"'{twice}' is a task that the networks of run {run.Id} have learned already; name others.");
        }

        return new ExtensionPlan
        {
            From = run.Id,
            Recipe = recipe,
            Benchmark = benchmark.Name,
            Before = there,
            Trainings = [.. networks.Select(network => Training(arguments, network, [.. all.Where(tasks.Contains)]))],
        };
    }

    private static TrainingJob Training(ParseResult arguments, SavedJob kept, string[] tasks) =>
        kept.Job with
        {
            Tasks = tasks,
            GoesOnFrom = kept.Folder,
            TasksByStage = null,
            KeepsNetwork = true,
            Augmentation = arguments.GetValue(Augment) ?? kept.Job.Augmentation,
            Run = Settings.Apply(
                arguments,
                kept.Job.Run with
                {
                    EncoderWeights = null, // what was loaded is in the kept network
                    Weighting = Usual.Weighting,
                    Aggregator = Usual.Aggregator,
                    Schedule = Usual.Schedule,
                    Regularizers = [],
                    Auxiliaries = [],
                    Teachers = [],
                    CheckpointInterval = Usual.CheckpointInterval,
                    Device = Usual.Device,
                }
            ),
        };

    private static Option<string?> Method(string name, string description) =>
        new(name) { Description = description, HelpName = "SPEC" };

    private static CommandFailure Wrong(string message) => new(message, ExitCode.Usage);
}
