using System.CommandLine;
using Plait.Benchmarks;
using Plait.Benchmarks.Comparison;
using Plait.Cli.Arguments;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Jobs.Runs;
using Plait.Training;
using Spectre.Console;

namespace Plait.Cli.Commands;

/// <summary>Compares multi-task recipes with single-task networks on a benchmark.</summary>
internal static class CompareCommand
{
    private const string None = "none";

    private static readonly Option<string> Benchmark = new("--benchmark", "-b")
    {
        Description = "The data and its tasks; `plait data` lists them.",
        HelpName = "NAME",
        DefaultValueFactory = _ => BenchmarkCatalog.Default.Name,
    };

    private static readonly Option<string?> Networks = Methods(
        "--networks",
        "Architectures to compare, such as hps,mmoe:experts=4; `plait methods` lists them. In this list and the next ones, 'mmoe:experts=4 as small' gives a method a name for the table."
    );
    private static readonly Option<string?> Weightings = Methods(
        "--weightings",
        "Loss weightings to combine them with."
    );
    private static readonly Option<string?> Aggregators = Methods(
        "--aggregators",
        "Gradient aggregators to combine them with; none means sum."
    );
    private static readonly Option<string?> Schedules = Methods(
        "--schedules",
        "Task schedules to combine them with, such as joint,proportional."
    );
    private static readonly Option<string?> Regularizers = Methods(
        "--regularizers",
        "Penalties on the parameters to combine them with, such as none,trace-norm:strength=0.01."
    );
    private static readonly Option<string?> Auxiliaries = Methods(
        "--auxiliaries",
        "Terms of the tasks' losses to combine them with, such as none,amtfl."
    );
    private static readonly Option<string?>[] Lists =
    [
        Networks,
        Weightings,
        Aggregators,
        Schedules,
        Regularizers,
        Auxiliaries,
    ];
    private static readonly Option<string[]> Teachers = new("--teachers")
    {
        Description =
            "The folder of a run of plait compare --keep-networks, whose single-task networks teach recipes with an auxiliary such as soft-targets; or of one of its trainings. Once for each.",
        HelpName = "DIR",
    };
    private static readonly Option<bool> KeepNetworks = new("--keep-networks")
    {
        Description = "Keep the trained networks in the folders of their runs, for --teachers.",
    };
    private static readonly RunSettings Settings = new(
        new RunSpecification(),
        property =>
            property
                is not (
                    nameof(RunSpecification.Network)
                    or nameof(RunSpecification.Weighting)
                    or nameof(RunSpecification.Aggregator)
                    or nameof(RunSpecification.Schedule)
                    or nameof(RunSpecification.Regularizers)
                    or nameof(RunSpecification.Auxiliaries)
                ),
        left: property =>
            property
                is nameof(RunSpecification.Encoder)
                    or nameof(RunSpecification.Optimizer)
                    or nameof(RunSpecification.Epochs)
                    or nameof(RunSpecification.BatchSize)
                    or nameof(RunSpecification.Patience),
        to: "the benchmark's own"
    );
    private static readonly Option<int> Seeds = CommonOptions.Positive(
        "--seeds",
        "How many seeds; each divides the rows and starts the networks anew.",
        3
    );
    private static readonly Option<string?> Tasks = new("--tasks")
    {
        Description = "The tasks to compare on, such as segmentation,depth; all of the benchmark's by default.",
        HelpName = "LIST",
    };
    private static readonly Option<string?> Split = new("--split")
    {
        Description = "How the rows are divided; `plait data` lists the ways.",
        HelpName = "NAME",
    };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A folder with the benchmark's files, to use in place of the embedded data.",
        HelpName = "DIR",
    };
    private static readonly Option<bool> RowByRow = new("--row-by-row")
    {
        Description =
            "Read rows from the folder when a batch asks for them, as is done anyway where they do not fit in memory; the results are the same.",
    };
    private static readonly Option<string?> Augment = new("--augment")
    {
        Description =
            "What happens to the images that are learned from, and to their targets with them: flip, scale-and-flip or rotate-scale-and-flip, with options such as scale-and-flip:scales=1-1.2-1.5,share=0.5,colour=0.2; nothing by default.",
        HelpName = "SPEC",
    };
    private static readonly Option<int> Workers = CommonOptions.Workers();
    private static readonly Option<string> Store = CommonOptions.Store();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "compare",
            """
            Train single-task networks and multi-task recipes on a benchmark, and print how they compare.

            Examples:
              plait compare
              plait compare --benchmark fashion-pairs --networks hps,mmoe --aggregators none,pcgrad,mgda
              plait compare --networks hps --weightings equal,uncertainty --seeds 5 --json > table.json
              plait compare --networks hps,single-task --schedules joint,annealed --regularizers none,soft-sharing
              plait compare --networks "hps as narrow,hps:head-widths=256 as wide"
              plait compare --benchmark scenes --tasks segmentation,depth,normals --networks hps,cross-stitch,pad-net
              plait compare --benchmark nyuv2 --data /data/nyuv2 --networks hps,mtan --augment scale-and-flip:colour=0.2
            """
        )
        {
            Benchmark,
            Networks,
            Weightings,
            Aggregators,
            Schedules,
            Regularizers,
            Auxiliaries,
            Teachers,
            KeepNetworks,
            Seeds,
            Tasks,
            Settings.Rates,
            Split,
            Data,
            RowByRow,
            Augment,
            Workers,
            Store,
            Json,
        };
        foreach (var option in Settings.Options)
        {
            command.Add(option);
        }

        command.SetAction(
            async (arguments, cancel) =>
            {
                var plan = Plan(arguments);
                using var store = RunStore.Open(arguments.GetValue(Store)!);
                var json = arguments.GetValue(Json);
                var runs = PlanRuns.Of(arguments, store, arguments.GetValue(Workers), quiet: json);
                return Show(arguments, await runs.StartAsync(plan, "compare", cancel), json);
            }
        );
        return command;
    }

    /// <summary>Prints a comparison whose trainings have ended.</summary>
    /// <returns>The exit code.</returns>
    public static int Show(ParseResult arguments, ReportedRun outcome, bool json)
    {
        var table = ComparisonTable.FromJson(outcome.Result);
        var output = arguments.InvocationConfiguration.Output;
        if (json)
        {
            output.WriteLine(table.ToJson(indented: true));
        }
        else
        {
            ComparisonTables.Write(Terminal.For(output), table);
            output.WriteLine();
            output.WriteLine($"Run:    {outcome.Id}");
            output.WriteLine($"Report: {outcome.Report}");
        }

        if (outcome.Failure is not { } failure)
        {
            return ExitCode.Success;
        }

        arguments.InvocationConfiguration.Warn(failure);
        return ExitCode.Failure;
    }

    private static ComparisonPlan Plan(ParseResult arguments)
    {
        var benchmark = NamedBenchmark.Find(arguments.GetValue(Benchmark)!, "benchmark");
        if (!benchmark.IsTrainable)
        {
            benchmark.Load();
        }

        var plan = new ComparisonPlan
        {
            Benchmark = benchmark.Name,
            Split = arguments.GetValue(Split),
            DataDirectory = arguments.GetValue(Data) is { } folder ? Path.GetFullPath(folder) : null,
            RowByRow = arguments.GetValue(RowByRow),
            Augmentation = arguments.GetValue(Augment),
            Tasks = NameList.Parse(Tasks.Name, arguments.GetValue(Tasks)),
            Seeds = [.. Enumerable.Range(0, arguments.GetValue(Seeds)).Select(seed => (long)seed)],
            KeepsNetworks = arguments.GetValue(KeepNetworks),
            Recipes = Distinct(arguments, Recipes(arguments, benchmark)),
            Settings = Settings.Apply(arguments, benchmark.Defaults.ToRun()),
        };
        plan = plan with { Teachers = ComparisonTeachers.Of(plan, arguments.GetValue(Teachers) ?? []) };
        foreach (var notice in ComparisonTeachers.Notices(plan))
        {
            arguments.InvocationConfiguration.Warn(notice);
        }

        JobCheck.Require(
            plan.Jobs().Where(job => job.Job.Run.Seed == plan.Seeds[0]),
            arguments.InvocationConfiguration.Warn
        );
        return plan;
    }

    private static IReadOnlyList<ComparedRecipe> Recipes(ParseResult arguments, Benchmark benchmark)
    {
        if (Lists.All(list => arguments.GetValue(list) is null))
        {
            return ComparisonPlan.DefaultRecipes(benchmark);
        }

        return
        [
            .. from network in Names(Networks, "hps")
            from weighting in Names(Weightings, "equal")
            from aggregator in Names(Aggregators, "sum")
            from schedule in Names(Schedules, "joint")
            from regularizer in Names(Regularizers, None)
            from auxiliary in Names(Auxiliaries, None)
            select NamedMethod.Recipe(network, weighting, aggregator, schedule, regularizer, auxiliary),
        ];

        IEnumerable<NamedMethod> Names(Option<string?> list, string byDefault) => Named(arguments, list, byDefault);
    }

    private static IReadOnlyList<NamedMethod> Named(ParseResult arguments, Option<string?> list, string byDefault) =>
        NamedMethod.ParseList(list.Name, arguments.GetValue(list) ?? byDefault);

    /// <summary>Leaves out what was asked for twice, and says so.</summary>
    private static IReadOnlyList<ComparedRecipe> Distinct(ParseResult arguments, IReadOnlyList<ComparedRecipe> recipes)
    {
        var kept = ComparedRecipe.Distinguish(recipes);
        NamedMethod.RequireOwnNames(recipes, kept, [.. Lists.SelectMany(list => Named(arguments, list, ""))]);
        var twice = recipes.Where((_, i) => kept[i] is null).Select(recipe => recipe.Name).Distinct();
        foreach (var again in twice.Where(name => name != ComparisonPlan.Baseline))
        {
            arguments.InvocationConfiguration.Warn($"'{again}' is asked for more than once; it is trained once.");
        }

        return [.. kept.OfType<ComparedRecipe>()];
    }

    private static Option<string?> Methods(string name, string description) =>
        new(name) { Description = description, HelpName = "LIST" };
}
