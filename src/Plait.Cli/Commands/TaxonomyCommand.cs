using System.CommandLine;
using Plait.Catalogue;
using Plait.Cli.Arguments;
using Plait.Cli.Display;
using Plait.Cli.Relationships;
using Plait.Relationships.Plans;
using Plait.Relationships.Tables;
using Plait.Relationships.Transfer;

namespace Plait.Cli.Commands;

/// <summary>Says which tasks to supervise so that all targets can be learned by transfer.</summary>
internal static class TaxonomyCommand
{
    private static readonly Option<string?> Affinities = new("--affinities")
    {
        Description = "A table of transfers: target,order,sources,value; the sources of one transfer are joined by +.",
        HelpName = "FILE.csv",
    };
    private static readonly Option<double> Sources = new("--sources", "-k")
    {
        Description = "The budget: how many tasks to supervise, or what they may cost together.",
        HelpName = "N",
        Required = true,
    };
    private static readonly Option<int> Order = CommonOptions.Positive(
        "--order",
        "The most sources that one transfer may have.",
        1
    );
    private static readonly Option<bool> OwnSupervision = new("--own-supervision")
    {
        Description = "Let a target that is supervised be served by its own network: its transfer from 'self'.",
    };
    private static readonly Option<string?> Targets = new("--targets")
    {
        Description = "The tasks to be learned; all of the table by default.",
        HelpName = "TASK,...",
    };
    private static readonly Option<string?> Candidates = new("--candidates")
    {
        Description = "The tasks that may be supervised; all of the table by default.",
        HelpName = "TASK,...",
    };
    private static readonly Option<string[]> Importance = new("--importance")
    {
        Description = "How much a target matters, 1 by default; may be given several times.",
        HelpName = "TASK=X",
    };
    private static readonly Option<string[]> Cost = new("--cost")
    {
        Description = "What the supervision of a task costs, 1 by default; may be given several times.",
        HelpName = "TASK=X",
    };
    private static readonly Option<string> Solver = SolverOption();
    private static readonly Option<string?> Gain = new("--gain")
    {
        Description = "A table of how often each transfer beats a network from scratch.",
        HelpName = "FILE.csv",
    };
    private static readonly Option<string?> Quality = new("--quality")
    {
        Description = "A table of how often each transfer beats the target's own network.",
        HelpName = "FILE.csv",
    };
    private static readonly Option<string?> Draw = new("--draw")
    {
        Description = "Draw the affinities of first-order transfers and the tree of tasks.",
        HelpName = "FILE.svg|FILE.html",
    };
    private static readonly Option<long> Seed = CommonOptions.Seed("Decides the random policies to compare with.");
    private static readonly Option<int> TransferRows = CommonOptions.Positive(
        "--transfer-rows",
        "With data: how many rows a transfer is learned from.",
        200
    );
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "taxonomy",
            """
            Say which tasks to supervise, on a budget, so that all targets can be learned by transfer from them: from a table of
            transfers, or from data, by training and transferring.

            Examples:
              plait taxonomy --affinities all_affinities.csv --sources 2
              plait taxonomy --affinities all_affinities.csv --sources 3.5 --order 2 --cost depth=0.5 --importance edges=2
              plait taxonomy --affinities all_affinities.csv --sources 2 --gain wins_vs_pixels.csv --quality wins_vs_task.csv
              plait taxonomy --affinities all_affinities.csv --sources 2 --draw tasks.html
              plait taxonomy data.csv --target a --target b --target c --sources 1 --order 2 --transfer-rows 100

            In the table three words stand for no task: self (the target's own network, used with --own-supervision alone), random and
            pixels (yardsticks, never chosen). Greater is better. No task is learned by transfer from itself; a target that none
            of the chosen sources serves adds nothing. With --json one object is printed:
              {sources, policy:{target:[sources]}, total, optimal, bound, cost, budget, unserved, solver, gain, quality,
               random:{policies, total, bestTotal, gain, quality}}
            From data, a target that is supervised is served by its own network, and the object is
              {data, sources, policy, total, gain:{target: share}, quality:{target: share}, transfers:[...], trainings, seconds}
            """
        )
        {
            Affinities,
            Sources,
            Order,
            OwnSupervision,
            Targets,
            Candidates,
            Importance,
            Cost,
            Solver,
            Gain,
            Quality,
            Draw,
            Seed,
            TransferRows,
            Json,
        };
        AnalysisOptions.AddTo(command, withRates: false);
        command.SetAction(
            async (arguments, cancel) =>
            {
                if (AnalysisOptions.HasData(arguments) == arguments.GetValue(Affinities) is not null)
                {
                    throw new CommandFailure(
                        "Give --affinities, or data to train on, and not both; see: plait taxonomy --help",
                        ExitCode.Usage
                    );
                }

                if (arguments.GetValue(Affinities) is null)
                {
                    await RunOnDataAsync(arguments, cancel);
                }
                else
                {
                    Run(arguments, cancel);
                }

                return ExitCode.Success;
            }
        );
        return command;
    }

    private static async Task RunOnDataAsync(ParseResult arguments, CancellationToken cancel)
    {
        CommonOptions.RequireNone(
            arguments,
            "data",
            [OwnSupervision, Targets, Candidates, Importance, Cost, Solver, Gain, Quality, Draw, Seed]
        );
        var (data, tasks, run, seeds) = AnalysisOptions.Read(arguments);
        var sources = Budget(arguments.GetValue(Sources));
        var plan = new TaxonomyPlan
        {
            Data = data,
            Tasks = tasks,
            Settings = run,
            Seeds = seeds,
            Sources =
                sources == Math.Floor(sources)
                    ? (int)sources
                    : throw new CommandFailure("--sources is a whole number where data is trained on.", ExitCode.Usage),
            Order = arguments.GetValue(Order),
            TransferRows = arguments.GetValue(TransferRows),
        };
        var json = arguments.GetValue(Json);
        var outcome = await AnalysisStart.RunAsync(arguments, "taxonomy", plan, json, cancel);
        AnalysisAnswer.Give(arguments, outcome, json);
    }

    private static void Run(ParseResult arguments, CancellationToken cancel)
    {
        CommonOptions.RequireNone(arguments, "--affinities", AnalysisOptions.OfData.Append(TransferRows));
        var picture = arguments.GetValue(Draw);
        if (picture is not null)
        {
            TaxonomyDrawing.RequireKind(picture);
            picture = OutputFile.PathOf(picture);
        }

        var options = new TransferOptions
        {
            Budget = Budget(arguments.GetValue(Sources)),
            MostSources = arguments.GetValue(Order),
            OwnSupervision = arguments.GetValue(OwnSupervision),
            Targets = NameList.Parse(Targets.Name, arguments.GetValue(Targets)),
            Sources = NameList.Parse(Candidates.Name, arguments.GetValue(Candidates)),
            Importances = NamedNumbers.Parse("--importance", arguments.GetValue(Importance) ?? []),
            Costs = NamedNumbers.Parse("--cost", arguments.GetValue(Cost) ?? []),
        };
        var taxonomy = TableTaxonomy.Solve(
            TransferTableReader.Read(arguments.GetValue(Affinities)!),
            options,
            Enum.Parse<TransferSolver>(arguments.GetValue(Solver)!, ignoreCase: true),
            TableTaxonomy.ReadRates(arguments.GetValue(Gain)),
            TableTaxonomy.ReadRates(arguments.GetValue(Quality)),
            arguments.GetValue(Seed),
            cancel
        );
        var configuration = arguments.InvocationConfiguration;
        var output = configuration.Output;
        if (taxonomy.Table.Transfers.FirstOrDefault(transfer => transfer.Value > 1) is { } large)
        {
            configuration.Warn(
                FormattableString.Invariant(
                    $"the transfer {large} is worth {large.Value}; greater is taken as better, so losses must be turned round first."
                )
            );
        }

        if (
            taxonomy.Table.Transfers.Select(transfer => transfer.Value).Distinct().Count() == 1
            && taxonomy.Table.Transfers.Count > 1
        )
        {
            configuration.Warn("all transfers are worth the same, so that no source is better than another.");
        }

        if (arguments.GetValue(Json))
        {
            output.WriteLine(TaxonomyAnswer.Json(taxonomy));
        }
        else
        {
            TaxonomyAnswer.Write(output, taxonomy);
        }

        if (picture is not null)
        {
            TaxonomyDrawing.Write(picture, taxonomy.Table);
        }
    }

    private static Option<string> SolverOption()
    {
        var option = new Option<string>("--solver")
        {
            Description = "exact (branch and bound), scip, or auto: exact up to 64 sources.",
            HelpName = "NAME",
            DefaultValueFactory = _ => NameOf(TransferSolver.Auto),
        };
        option.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (!SolverNames.Contains(text))
            {
                result.AddError(
                    $"{option.Name} is auto, exact or scip; got '{text}'{NameSuggestion.Hint(text, SolverNames)}."
                );
            }
        });
        return option;
    }

    private static IEnumerable<string> SolverNames => Enum.GetValues<TransferSolver>().Select(NameOf);

    private static string NameOf(TransferSolver solver) => solver.ToString().ToLowerInvariant();

    private static double Budget(double given) =>
        double.IsFinite(given) && given > 0
            ? given
            : throw new CommandFailure(
                FormattableString.Invariant($"--sources is a number above 0; got {given}."),
                ExitCode.Usage
            );
}
