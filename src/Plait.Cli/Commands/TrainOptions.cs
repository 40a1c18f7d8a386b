using System.CommandLine;
using Plait.Cli.Arguments;
using Plait.Relationships.Plans;
using Plait.Tabular;
using Plait.Tabular.Models;
using Plait.Training;

namespace Plait.Cli.Commands;

/// <summary>The options of <c>plait train</c>, and the job that they say.</summary>
internal static class TrainOptions
{
    internal static readonly RunSpecification Defaults = TabularJob.DefaultRun;

    private static readonly Argument<string> Table = new("table")
    {
        Description = "A CSV file with a header, gzipped or not.",
        HelpName = "data.csv",
    };
    private static readonly TargetOption Targets = new("Once for each target.", required: true);
    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "The folder for the model; a model that is there is replaced.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "model",
    };
    private static readonly RunSettings Settings = new(
        Defaults,
        property => property is not (nameof(RunSpecification.Images) or nameof(RunSpecification.Head))
    );
    private static readonly Option<string?> Grouping = new("--grouping")
    {
        Description = "A grouping.json of `plait group`: one trunk for each group of targets, in place of --network.",
        HelpName = "FILE",
    };
    private static readonly Option<string[]> Distill = new("--distill")
    {
        Description =
            "How to learn from --teachers beside the labels, such as soft-targets:tau=4, teacher-annealing or feature-distillation. Once for each.",
        HelpName = "SPEC",
    };
    private static readonly Option<string[]> Teachers = new("--teachers")
    {
        Description =
            "The folder of a trained model that teaches targets of the same names; several of one target are an ensemble. Once for each.",
        HelpName = "DIR",
    };
    private static readonly Option<long> Seed = CommonOptions.Seed(
        "Fixes everything that chance decides, the division of the rows too."
    );
    internal static readonly Option<string[]> Ignore = Columns("--ignore", "A column to leave out. Once for each.");
    internal static readonly Option<string[]> Categorical = Columns(
        "--categorical",
        "A column of numbers that are names, such as postal codes. Once for each."
    );
    internal static readonly Option<string?> GroupBy = new("--group-by")
    {
        Description =
            "A column, such as a patient's number, whose equal values stay together when the rows are divided.",
        HelpName = "COLUMN",
    };
    internal static readonly Option<double> Validation = Share(
        "--validation",
        "The share of rows that choose the epoch."
    );
    internal static readonly Option<double> Test = Share("--test", "The share of rows that judge the result.");
    private static readonly Option<int> Threads = CommonOptions.Threads();

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="output">Takes the place of the option that names the folder.</param>
    public static void AddTo(Command command, Option<string>? output = null)
    {
        command.Add(Table);
        foreach (
            var option in new Option[]
            {
                Targets,
                output ?? Output,
                Grouping,
                Distill,
                Teachers,
                Settings.Rates,
                Seed,
                Ignore,
                Categorical,
                GroupBy,
                WeightOptions.Weights,
                WeightOptions.Balance,
                WeightOptions.ClassWeights,
                Validation,
                Test,
                Threads,
            }.Concat(Settings.Options)
        )
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if ((result.GetValue(Distill) ?? []).Length > 0 != (result.GetValue(Teachers) ?? []).Length > 0)
            {
                result.AddError(
                    "--distill and --teachers go together: how to learn, and the folders of whom to learn from."
                );
            }
        });
    }

    public static TabularJob Job(ParseResult arguments, Option<string>? output = null)
    {
        if (arguments.GetValue(Validation) + arguments.GetValue(Test) >= 1)
        {
            throw new CommandFailure(
                "--validation and --test leave no rows to learn from; together they are below 1.",
                ExitCode.Usage
            );
        }

        var run = Settings.Apply(arguments, Defaults);
        return new()
        {
            Table = Path.GetFullPath(arguments.GetValue(Table)!),
            Targets = [.. arguments.GetValue(Targets)!.Select(TargetSpecification.Parse)],
            Options = Columns(arguments),
            Run = run with
            {
                Network = GroupedNetwork(arguments) ?? run.Network,
                Auxiliaries = [.. run.Auxiliaries, .. arguments.GetValue(Distill) ?? []],
                Teachers = [.. (arguments.GetValue(Teachers) ?? []).Select(Path.GetFullPath)],
                Seed = arguments.GetValue(Seed),
            },
            ValidationShare = arguments.GetValue(Validation),
            TestShare = arguments.GetValue(Test),
            Threads = arguments.GetValue(Threads),
            ModelFolder = Path.GetFullPath(arguments.GetValue(output ?? Output)!),
        };
    }

    /// <summary>The architecture that a grouping asks for; null where there is none.</summary>
    private static string? GroupedNetwork(ParseResult arguments)
    {
        if (arguments.GetValue(Grouping) is not { } file)
        {
            return null;
        }

        if (Settings.Says(arguments, nameof(RunSpecification.Network)))
        {
            throw new CommandFailure(
                "--grouping chooses the architecture: give it, or --network, but not both.",
                ExitCode.Usage
            );
        }

        var grouping = InputFile.ReadJson(
            file,
            "a grouping",
            MeasuredGrouping.FromJson,
            "give --grouping a file that plait group wrote"
        );
        try
        {
            var targets = arguments.GetValue(Targets)!.Select(target => TargetSpecification.Parse(target).Column);
            return grouping.Network([.. targets]);
        }
        catch (FormatException fault)
        {
            throw new CommandFailure($"{file}: {fault.Message}", ExitCode.Usage);
        }
    }

    internal static TableOptions Columns(ParseResult arguments) =>
        new()
        {
            Ignore = arguments.GetValue(Ignore) ?? [],
            Categorical = arguments.GetValue(Categorical) ?? [],
            GroupBy = arguments.GetValue(GroupBy),
            Weights = arguments.GetValue(WeightOptions.Weights) ?? [],
            Balance = arguments.GetValue(WeightOptions.Balance),
            ClassWeights = arguments.GetValue(WeightOptions.ClassWeights) ?? [],
        };

    private static Option<string[]> Columns(string name, string description) =>
        new(name) { Description = description, HelpName = "COLUMN" };

    private static Option<double> Share(string name, string description) =>
        new Option<double>(name)
        {
            Description = description,
            HelpName = "SHARE",
            DefaultValueFactory = _ => 0.15,
        }.Require(share => share is >= 0 and < 1, "a share from 0 to below 1, such as 0.15");
}
