using System.CommandLine;
using Plait.Benchmarks;
using Plait.Cli.Arguments;
using Plait.Jobs;
using Plait.Tabular;
using Plait.Tabular.Models;
using Plait.Training;

namespace Plait.Cli.Commands;

/// <summary>What commands have in common that train on a user's table, or on a benchmark, to find out how its tasks relate.</summary>
internal static class AnalysisOptions
{
    private static readonly Argument<string?> Table = new("data")
    {
        Description = "A CSV file with a header, gzipped or not.",
        HelpName = "data.csv",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly TargetOption Targets = new("Once for each.");
    private static readonly Option<string?> Benchmark = new("--benchmark", "-b")
    {
        Description = "A benchmark, in place of a table; `plait data` lists them.",
        HelpName = "NAME",
    };
    private static readonly Option<int> Seeds = CommonOptions.Positive(
        "--seeds",
        "How many seeds to average over; each divides the rows and starts the networks anew.",
        1
    );
    internal static readonly Option<int> Workers = CommonOptions.Workers();
    internal static readonly Option<string> Store = CommonOptions.Store();
    private static readonly RunSettings Settings = new(
        TrainOptions.Defaults,
        property =>
            property
                is nameof(RunSpecification.Encoder)
                    or nameof(RunSpecification.Optimizer)
                    or nameof(RunSpecification.LearningRate)
                    or nameof(RunSpecification.Epochs)
                    or nameof(RunSpecification.BatchSize)
                    or nameof(RunSpecification.Patience)
                    or nameof(RunSpecification.ClipNorm)
                    or nameof(RunSpecification.Device)
    );

    /// <summary>Those that say something of trainings on data alone.</summary>
    public static IEnumerable<Option> OfData => [Targets, .. OfTrainings, Settings.Rates, Seeds, Workers, Store];

    /// <summary>Those that say something of networks alone.</summary>
    public static IReadOnlyList<Option> OfNetworks =>
        [.. Settings.Options, Settings.Rates, WeightOptions.Balance, WeightOptions.ClassWeights, Workers];

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withRates">Whether the encoders of all its trainings learn, so that groups of parameters may have rates of their own.</param>
    public static void AddTo(Command command, bool withRates)
    {
        command.Add(Table);
        command.Add(Targets);
        command.Add(Benchmark);
        if (withRates)
        {
            command.Add(Settings.Rates);
        }

        foreach (var option in OfTrainings)
        {
            command.Add(option);
        }

        command.Add(Seeds);
        command.Add(Workers);
        command.Add(Store);
    }

    /// <summary>Whether the command line names data to train on.</summary>
    public static bool HasData(ParseResult arguments) =>
        arguments.GetValue(Table) is not null || arguments.GetValue(Benchmark) is not null;

    /// <summary>The data, checked by reading it once, and how to train on it.</summary>
    public static (DataSource Data, IReadOnlyList<string> Tasks, RunSpecification Run, long[] Seeds) Read(
        ParseResult arguments
    )
    {
        var (source, run) = Source(arguments);
        using var data = source.Load(0);
        if (!data.Train.Streams.AreShared)
        {
            throw new CommandFailure(
                $"The tasks of {source.Name} bring their own rows; relationships are measured between tasks on the same rows."
            );
        }

        return (
            source,
            [.. data.Tasks.Select(task => task.Name)],
            run,
            [.. Enumerable.Range(0, arguments.GetValue(Seeds)).Select(seed => (long)seed)]
        );
    }

    private static (DataSource Source, RunSpecification Run) Source(ParseResult arguments)
    {
        var table = arguments.GetValue(Table);
        var targets = arguments.GetValue(Targets) ?? [];
        if (arguments.GetValue(Benchmark) is { } name)
        {
            return table is null && targets.Length == 0
                ? OfBenchmark(arguments, name)
                : throw new CommandFailure("Give a table with --target, or --benchmark, but not both.", ExitCode.Usage);
        }

        return targets.Length == 0
            ? throw new CommandFailure("Name the columns to learn: --target NAME, once for each.", ExitCode.Usage)
            : (TableOf(arguments, table!, targets), Run(arguments));
    }

    private static (DataSource Source, RunSpecification Run) OfBenchmark(ParseResult arguments, string name)
    {
        var benchmark = NamedBenchmark.Find(name, "benchmark");
        return (
            new BenchmarkSource { Benchmark = name },
            Run(arguments, benchmark.Defaults.ToRun() with { Selection = TrainOptions.Defaults.Selection })
        );
    }

    /// <summary>The options that say how trainings of an analysis go and what its columns are.</summary>
    private static IReadOnlyList<Option> OfTrainings { get; } =
    [
        .. Settings.Options,
        TrainOptions.Ignore,
        TrainOptions.Categorical,
        TrainOptions.GroupBy,
        WeightOptions.Weights,
        WeightOptions.Balance,
        WeightOptions.ClassWeights,
        TrainOptions.Validation,
        TrainOptions.Test,
    ];

    /// <summary>How the trainings of an analysis go.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="defaults">What holds where nothing is said; null for the defaults of tables.</param>
    private static RunSpecification Run(ParseResult arguments, RunSpecification? defaults = null)
    {
        var run = Settings.Apply(arguments, defaults ?? TrainOptions.Defaults);
        RequireRatesOfAll(arguments);
        return run with { GradientRecordInterval = 0 };
    }

    /// <summary>Refuses rates that do not hold in the networks of whichever tasks.</summary>
    private static void RequireRatesOfAll(ParseResult arguments)
    {
        if (arguments.GetResult(Settings.Rates) is null)
        {
            return;
        }

        var rates = LearningRates.Parse(arguments.GetValue(Settings.Rates) ?? []);
        if (rates.OfFrozenEncoder is { } frozen)
        {
            throw new CommandFailure(
                $"--learning-rate {frozen}: an analysis measures what tasks do to the encoder that they share, which a frozen one does not show; give it a rate above 0.",
                ExitCode.Usage
            );
        }

        if (rates.OfSingle is { } single)
        {
            throw new CommandFailure(
                $"--learning-rate {single}: an analysis trains networks of other tasks too, which have no such group; name all of a kind, such as encoder or heads.",
                ExitCode.Usage
            );
        }
    }

    /// <summary>The table of an analysis.</summary>
    private static TableSource TableOf(ParseResult arguments, string table, IEnumerable<string> targets) =>
        new()
        {
            Table = Path.GetFullPath(table),
            Targets = [.. targets.Select(TargetSpecification.Parse)],
            Options = TrainOptions.Columns(arguments),
            ValidationShare = arguments.GetValue(TrainOptions.Validation),
            TestShare = arguments.GetValue(TrainOptions.Test),
            Checksum = TabularJob.ChecksumOf(Path.GetFullPath(table)),
        };
}
