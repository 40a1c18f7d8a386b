using System.CommandLine;
using Plait.Cli.Arguments;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Tabular.Models;
using Plait.Tasks;
using Plait.Tasks.Metrics;

namespace Plait.Cli.Commands;

/// <summary>Judges a model on a labelled CSV file.</summary>
internal static class EvaluateCommand
{
    private static readonly Argument<string> Model = new("model") { Description = "The folder of a trained model." };
    private static readonly Argument<string> Table = new("table")
    {
        Description = "A CSV file with the columns and the targets that the model was trained on, in any order.",
        HelpName = "labelled.csv",
    };
    private static readonly Option<string?> Metrics = new("--metrics")
    {
        Description =
            $"What to judge by, each on the targets that it suits: {string.Join(", ", Metric.All.Select(metric => metric.Name.Replace(' ', '-')))}.",
        HelpName = "LIST",
    };
    private static readonly Option<string> Device = CommonOptions.Device();
    private static readonly Option<int> Threads = CommonOptions.Threads();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "evaluate",
            """
            Judge a trained model on rows whose targets are known; each target counts on the rows that have it.

            Examples:
              plait evaluate model labelled.csv
              plait evaluate model labelled.csv --metrics accuracy,macro-f1,mae --json

            Metrics of a regression are in the target's own unit. A model that was trained with --weight weighs the rows by the same
            columns where the file has them. With --json one object is printed:
              {model, table, rows, targets:[{name, kind, rows, metrics:{metric: value or null}}], weights:[...], warnings:[...]}
            """
        )
        {
            Model,
            Table,
            Metrics,
            Device,
            Threads,
            Json,
        };
        command.SetAction(
            (arguments, cancel) =>
            {
                var metrics = NameList.Parse(Metrics.Name, arguments.GetValue(Metrics))?.Select(Metric.Parse).ToArray();
                torch.set_num_threads(arguments.GetValue(Threads));
                using var model = TabularModel.Load(arguments.GetValue(Model)!, arguments.GetValue(Device)!);
                Show(arguments, model.Evaluate(arguments.GetValue(Table)!, metrics, cancel));
                return Task.FromResult(ExitCode.Success);
            }
        );
        return command;
    }

    private static void Show(ParseResult arguments, TestReport report)
    {
        var configuration = arguments.InvocationConfiguration;
        foreach (var warning in report.Warnings)
        {
            configuration.Warn(warning);
        }

        if (arguments.GetValue(Json))
        {
            configuration.Output.WriteLine(
                TableJson.Write(
                    new
                    {
                        Model = Path.GetFullPath(arguments.GetValue(Model)!),
                        Table = Path.GetFullPath(arguments.GetValue(Table)!),
                        report.Rows,
                        report.Targets,
                        report.Weights,
                        report.Warnings,
                    }
                )
            );
            return;
        }

        if (report.Weights.Count > 0)
        {
            configuration.Output.WriteLine($"On {report.Rows} rows{TargetTable.WeighedBy(report.Weights)}:");
        }

        TargetTable.Write(Terminal.For(configuration.Output), report.Targets);
    }
}
