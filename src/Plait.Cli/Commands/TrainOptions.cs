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
    private static readonly Option<string> Network = Method("--network", "The architecture.", Defaults.Network);
    private static readonly Option<string?> Grouping = new("--grouping")
    {
        Description = "A grouping.json of `plait group`: one trunk for each group of targets, in place of --network.",
        HelpName = "FILE",
    };
    internal static readonly Option<string> Encoder = Method(
        "--encoder",
        "The encoder that the architecture is built from.",
        Defaults.Encoder
    );
    private static readonly Option<string> Weighting = Method("--weighting", "The loss weighting.", Defaults.Weighting);
    private static readonly Option<string> Aggregator = Method(
        "--aggregator",
        "The gradient aggregator.",
        Defaults.Aggregator
    );
    private static readonly Option<string> Schedule = Method(
        "--schedule",
        "The task schedule: which targets each step trains.",
        Defaults.Schedule
    );
    private static readonly Option<string[]> Regularizers = new("--regularizer")
    {
        Description = "A penalty on the parameters, such as trace-norm:strength=0.01; none by default. Once for each.",
        HelpName = "SPEC",
    };
    private static readonly Option<string[]> Distill = new("--distill")
    {
        Description =
            "How to learn from --teachers beside the labels, such as soft-targets:tau=4, teacher-annealing or feature-distillation. Once for each.",
        HelpName = "SPEC",
    };
    private static readonly Option<string[]> Auxiliaries = new("--auxiliary")
    {
        Description = "A term that targets' losses gain, such as amtfl or adversarial-gradients. Once for each.",
        HelpName = "SPEC",
    };
    private static readonly Option<string[]> Teachers = new("--teachers")
    {
        Description =
            "The folder of a trained model that teaches targets of the same names; several of one target are an ensemble. Once for each.",
        HelpName = "DIR",
    };
    internal static readonly Option<string> Optimizer = Method(
        "--optimizer",
        "The optimizer, such as adamw:learning-rate=0.001.",
        Defaults.Optimizer
    );
    private static readonly Option<string[]> Rates = LearningRates.Given();
    internal static readonly Option<string> LearningRate = Method(
        "--learning-rate-schedule",
        "How the learning rate changes: constant or cosine.",
        Defaults.LearningRate
    );
    internal static readonly Option<int> Epochs = CommonOptions.Positive(
        "--epochs",
        "Passes over the training rows, at most.",
        Defaults.Epochs
    );
    internal static readonly Option<int> BatchSize = CommonOptions.Positive(
        "--batch-size",
        "Rows a step.",
        Defaults.BatchSize
    );
    internal static readonly Option<int> Patience = new("--patience")
    {
        Description = "Epochs without a lower validation loss before the training stops; 0 never stops early.",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Patience ?? 0,
    };
    private static readonly Option<double?> ClipNorm = new("--clip-norm")
    {
        Description = "The largest norm of the gradient; not clipped by default.",
        HelpName = "X",
    };
    private static readonly Option<int> Accumulate = CommonOptions.Positive(
        "--accumulate",
        "Batches that make one update, as one batch of all their rows would.",
        Defaults.AccumulatedBatches
    );
    private static readonly Option<int?> RowMemory = new("--row-memory")
    {
        Description =
            "MiB that the targets' gradients may take at once where a method compares them; less memory takes more time. No limit by default.",
        HelpName = "MIB",
    };
    private static readonly Option<int?> GradientsEvery = new("--gradients-every")
    {
        Description =
            "Steps between two records of the targets' gradients for the report; 0 records none. Once an epoch by default.",
        HelpName = "N",
    };
    private static readonly Option<Duration> CheckpointEvery = CommonOptions.CheckpointEvery();
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
    internal static readonly Option<string> Device = CommonOptions.Device();
    private static readonly Option<int> Threads = CommonOptions.Threads();

    static TrainOptions()
    {
        Patience.Require(epochs => epochs >= 0, "a whole number from 0");
        RowMemory.Require(size => size is null or > 0, "a whole number above 0");
        GradientsEvery.Require(steps => steps is null or >= 0, "a whole number from 0");
        ClipNorm.Require(norm => norm is null or (> 0 and < double.PositiveInfinity), "a number above 0");
    }

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
                Network,
                Grouping,
                Encoder,
                Weighting,
                Aggregator,
                Schedule,
                Regularizers,
                Auxiliaries,
                Distill,
                Teachers,
                Optimizer,
                Rates,
                LearningRate,
                Epochs,
                BatchSize,
                Patience,
                ClipNorm,
                Accumulate,
                RowMemory,
                GradientsEvery,
                CheckpointEvery,
                Seed,
                Ignore,
                Categorical,
                GroupBy,
                WeightOptions.Weights,
                WeightOptions.Balance,
                WeightOptions.ClassWeights,
                Validation,
                Test,
                Device,
                Threads,
            }
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

            if (
                CommonOptions.IsRead(() => result.GetValue(Validation), out var validation)
                && CommonOptions.IsRead(() => result.GetValue(Test), out var test)
                && validation < 1
                && test < 1
                && validation + test >= 1
            )
            {
                result.AddError("--validation and --test leave no rows to learn from; together they are below 1.");
            }
        });
    }

    public static TabularJob Job(ParseResult arguments, Option<string>? output = null)
    {
        var rates = LearningRates.Parse(arguments.GetValue(Rates) ?? []);
        return new()
        {
            Table = Path.GetFullPath(arguments.GetValue(Table)!),
            Targets = [.. arguments.GetValue(Targets)!.Select(TargetSpecification.Parse)],
            Options = Columns(arguments),
            Run = new RunSpecification
            {
                Network = NetworkOf(arguments),
                Encoder = arguments.GetValue(Encoder)!,
                Weighting = arguments.GetValue(Weighting)!,
                Aggregator = arguments.GetValue(Aggregator)!,
                Schedule = arguments.GetValue(Schedule)!,
                Regularizers = arguments.GetValue(Regularizers) ?? [],
                Auxiliaries = [.. arguments.GetValue(Auxiliaries) ?? [], .. arguments.GetValue(Distill) ?? []],
                Teachers = [.. (arguments.GetValue(Teachers) ?? []).Select(Path.GetFullPath)],
                Optimizer = rates.Of(
                    arguments.GetValue(Optimizer)!,
                    isDefault: arguments.GetResult(Optimizer) is not { Implicit: false }
                ),
                Groups = rates.Groups,
                LearningRate = arguments.GetValue(LearningRate)!,
                Epochs = arguments.GetValue(Epochs),
                BatchSize = arguments.GetValue(BatchSize),
                Patience = arguments.GetValue(Patience) is > 0 and var patience ? patience : null,
                ClipNorm = arguments.GetValue(ClipNorm),
                AccumulatedBatches = arguments.GetValue(Accumulate),
                RowMemory = arguments.GetValue(RowMemory) * (1L << 20),
                GradientRecordInterval = arguments.GetValue(GradientsEvery),
                CheckpointInterval = arguments.GetValue(CheckpointEvery).Time,
                Seed = arguments.GetValue(Seed),
                Device = arguments.GetValue(Device)!,
            },
            ValidationShare = arguments.GetValue(Validation),
            TestShare = arguments.GetValue(Test),
            Threads = arguments.GetValue(Threads),
            ModelFolder = Path.GetFullPath(arguments.GetValue(output ?? Output)!),
        };
    }

    /// <summary>The architecture: the one that is named, or the one that a grouping asks for.</summary>
    private static string NetworkOf(ParseResult arguments)
    {
        if (arguments.GetValue(Grouping) is not { } file)
        {
            return arguments.GetValue(Network)!;
        }

        if (arguments.GetResult(Network) is { Implicit: false })
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

    private static Option<string> Method(string name, string description, string value) =>
        new(name)
        {
            Description = description,
            HelpName = "SPEC",
            DefaultValueFactory = _ => value,
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
