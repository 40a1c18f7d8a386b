using System.CommandLine;
using Plait.Cli.Arguments;
using Plait.Cli.Display;
using Plait.Cli.Relationships;
using Plait.Relationships.Plans;

namespace Plait.Cli.Commands;

/// <summary>Says which tasks to train together.</summary>
internal static class GroupCommand
{
    private static readonly Option<string?> Table = new("--table")
    {
        Description = "Networks that were trained, a row each: cost, tasks, losses.",
        HelpName = "FILE.csv",
    };
    private static readonly Option<string?> Affinity = new("--affinity")
    {
        Description =
            "What tasks gain from each other: a row for each affected task, a column for each that affects it.",
        HelpName = "FILE.csv",
    };
    private static readonly Option<string?> Budget = new("--budget")
    {
        Description = "With --table: what the networks may cost together; several answer each.",
        HelpName = "B,...",
    };
    private static readonly Option<int?> Groups = CommonOptions.PositiveOrNone(
        "--groups",
        "With --affinity: the most networks there may be; clusterings make exactly as many."
    );
    private static readonly Option<string?> Method = new("--method")
    {
        Description =
            $"With data: {string.Join(", ", GroupingPlan.MethodNames)}; with options as in go-mtl:share=0.4. With --table: {string.Join(", ", TableGrouping.Methods)}. With --affinity: {string.Join(", ", AffinityGrouping.Methods)}. By default the first.",
        HelpName = "NAME",
    };
    private static readonly Option<string?> Split = new("--split")
    {
        Description =
            "With --table: the losses to choose by, where columns are named SPLIT_TASK; by default val, and early for --method esa.",
        HelpName = "NAME",
    };
    private static readonly Option<string?> ReportSplit = new("--report-split")
    {
        Description = "With --table: the losses to report besides; by default test where there is one.",
        HelpName = "NAME",
    };
    private static readonly Option<bool> HigherBetter = new("--higher-better")
    {
        Description = "With --table: the cells are accuracies or the like, not losses.",
    };
    private static readonly Option<bool> LowerBetter = new("--lower-better")
    {
        Description = "With --affinity: the cells are losses in pairs, of which less is better.",
    };
    private static readonly Option<string?> Alone = new("--alone")
    {
        Description =
            "With --affinity: what a task scores in a network of its own: a number, or diagonal. By default alone is the last resort; clusterings count 0.",
        HelpName = "SCORE",
    };
    private static readonly Option<double?> TimeLimit = new("--time-limit")
    {
        Description =
            "After how many seconds a search answers with the best it found and a bound. With --affinity 20; with --table none.",
        HelpName = "SECONDS",
    };
    private static readonly Option<long> Seed = CommonOptions.Seed("Decides what methods that draw chance draw.");
    private static readonly Option<int> Verify = new Option<int>("--verify")
    {
        Description =
            "With data: on how many seeds to compare the groups with all targets together and each alone in the end.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
    }.Require(seeds => seeds >= 0, "a whole number from 0");
    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "With data: the file for the answer, as `plait train --grouping` reads it.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "grouping.json",
    };
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "group",
            """
            Say which tasks to train together: from data, by training; from networks that were trained; or from affinities that were
            measured.

            Examples:
              plait group data.csv --target a --target b --target c --budget 2
              plait group data.csv -t a -t b -t c --budget 2 --method hoa --verify 3 -o grouping.json
              plait group --table losses.csv --budget 2.5
              plait group --table losses.csv --budget 1,1.5,2 --method hoa --report-split test
              plait group --affinity affinities.csv --groups 3

            With data, the answer is written to grouping.json, with which plait train --grouping trains one trunk for each group. Methods:
              tag              affinities from one joint training (default); gradient-cosine likewise
              hoa              each target alone and each pair, sets of three and more predicted; pairwise: their gains as affinities
              exact, esa       every set of targets, with all epochs or a fifth of them
              rsa, task2vec... how alike networks of one target are, or embeddings; see plait affinity --help
              go-mtl           no network: linear models of all targets are made of --budget latent ones; a target is in the group of each that
                               makes up a quarter of it (share=0.25), and is answered in that of its largest
              clustered        no network: linear models of a group share a subspace of few dimensions
            A table of networks has a column cost; a column tasks, such as a|b, or a loss in the cells of its tasks alone; and a column
            of losses for each task, named TASK or SPLIT_TASK. Methods: exact takes the losses as they are, esa those early in training, hoa
            predicts sets of three tasks and more from pairs, random draws.
            A table of affinities has one row and one column a task, the row for the task that is affected. Methods: tag chooses groups that
            may overlap, each task served by the best for it; spectral, agglomerative and kmeans divide the tasks.
            With --json one object is printed, or a list of them for several budgets:
              {networks:[[task, ...], ...], cost, total, optimal, bound, gap, costs, serving:{task: network}, method, budget or groups,
               split, totals:{split: total}, reported:{split, total}, warnings}
            and with data
              {data, method, budget, tasks, networks, serving, cost, total, optimal, bound, trainings, seconds, expectedGain,
               expectedGainTogether, affinity:{tasks, values}, linear:{strength, parts, losses, ...},
               verification:{seeds, grouping, together, ...}}
            """
        )
        {
            Table,
            Budget,
            Affinity,
            Groups,
            Method,
            Split,
            ReportSplit,
            HigherBetter,
            LowerBetter,
            Alone,
            TimeLimit,
            Seed,
            Verify,
            Output,
            Json,
        };
        AnalysisOptions.AddTo(command, withRates: true);
        command.SetAction(
            async (arguments, cancel) =>
            {
                if (AnalysisOptions.HasData(arguments))
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
        if (arguments.GetValue(Table) is not null || arguments.GetValue(Affinity) is not null)
        {
            throw new CommandFailure(
                "Give data to train on, --table, or --affinity, and one of them alone. See: plait group --help",
                ExitCode.Usage
            );
        }

        CommonOptions.RequireNone(
            arguments,
            "data",
            [Groups, Split, ReportSplit, HigherBetter, LowerBetter, Alone, TimeLimit]
        );
        if (TableGrouping.ParseBudgets(Needed(arguments, Budget, "data")!) is not [var budget])
        {
            throw new CommandFailure("With data there is one --budget.", ExitCode.Usage);
        }

        var (data, tasks, run, seeds) = AnalysisOptions.Read(arguments);
        var plan = new GroupingPlan
        {
            Data = data,
            Tasks = tasks,
            Settings = run,
            Seeds = seeds,
            Method = arguments.GetValue(Method) ?? "tag",
            Budget = budget,
            OutputFile = OutputFile.PathOf(arguments.GetValue(Output)!),
            VerificationSeeds = [.. Enumerable.Range(0, arguments.GetValue(Verify)).Select(seed => (long)seed)],
        };
        if (plan is { IsLinear: true, VerificationSeeds.Count: 0 })
        {
            CommonOptions.RequireNone(
                arguments,
                $"--method {plan.Method} without --verify",
                AnalysisOptions.OfNetworks
            );
        }

        var json = arguments.GetValue(Json);
        var outcome = await AnalysisStart.RunAsync(arguments, "group", plan, json, cancel);
        AnalysisAnswer.Give(arguments, outcome, json);
    }

    private static void Run(ParseResult arguments, CancellationToken cancel)
    {
        var (table, affinity) = (arguments.GetValue(Table), arguments.GetValue(Affinity));
        if (table is not null || affinity is not null)
        {
            var ofOther = table is null
                ? new Option[] { Budget, Split, ReportSplit, HigherBetter }
                : [Groups, LowerBetter, Alone];
            var (with, ofData) = (
                table is null ? "--affinity" : "--table",
                AnalysisOptions.OfData.Concat([Verify, Output])
            );
            CommonOptions.RequireNone(arguments, with, ofOther.Concat(ofData));
        }

        var limit = Limit(arguments.GetValue(TimeLimit));
        GroupingAnswer[] answers = (table, affinity) switch
        {
            ({ } file, null) =>
            [
                .. TableGrouping.Run(
                    new TableGroupingOptions
                    {
                        File = file,
                        Budgets = TableGrouping.ParseBudgets(Needed(arguments, Budget, "--table")!),
                        Method = arguments.GetValue(Method),
                        Split = arguments.GetValue(Split),
                        ReportSplit = arguments.GetValue(ReportSplit),
                        HigherBetter = arguments.GetValue(HigherBetter),
                        TimeLimit = limit,
                        Seed = arguments.GetValue(Seed),
                    },
                    cancel
                ),
            ],
            (null, { } file) =>
            [
                AffinityGrouping.Run(
                    new AffinityGroupingOptions
                    {
                        File = file,
                        Groups = Needed(arguments, Groups, "--affinity")!.Value,
                        Method = arguments.GetValue(Method),
                        Alone = arguments.GetValue(Alone),
                        LowerBetter = arguments.GetValue(LowerBetter),
                        TimeLimit = limit,
                        Seed = arguments.GetValue(Seed),
                    },
                    cancel
                ),
            ],
            _ => throw new CommandFailure(
                "give data.csv with --target and --budget, --table FILE.csv and --budget, or --affinity FILE.csv and --groups. See: plait group --help",
                ExitCode.Usage
            ),
        };
        var configuration = arguments.InvocationConfiguration;
        foreach (var warning in answers.SelectMany(answer => answer.Warnings).Distinct())
        {
            configuration.Warn(warning);
        }

        if (arguments.GetValue(Json))
        {
            configuration.Output.WriteLine(GroupingJson.Write(answers));
        }
        else
        {
            GroupingDisplay.Show(configuration.Output, answers);
        }
    }

    private static T Needed<T>(ParseResult arguments, Option<T> option, string with) =>
        arguments.GetValue(option) is { } value
            ? value
            : throw new CommandFailure(
                $"{with} needs {option.Name} {option.HelpName?.TrimEnd(',', '.')}.",
                ExitCode.Usage
            );

    private static TimeSpan? Limit(double? seconds) =>
        seconds is null ? null
        : seconds is > 0 and < 1e6 ? TimeSpan.FromSeconds(seconds.Value)
        : throw new CommandFailure($"--time-limit is a number of seconds above 0; got {seconds}.", ExitCode.Usage);
}
