using System.CommandLine;
using System.Text.Json;
using Plait.Benchmarks;
using Plait.Cli.Display;
using Spectre.Console;

namespace Plait.Cli.Commands;

/// <summary>Lists the data sets that come with the program.</summary>
internal static class DataCommand
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "data",
            """
            List the embedded data sets: their tasks, ways to divide them, licences.

            Examples:
              plait data
              plait compare --benchmark parkinsons
            """
        )
        {
            Json,
        };
        command.SetAction(arguments =>
        {
            if (arguments.GetValue(Json))
            {
                arguments.InvocationConfiguration.Output.WriteLine(
                    JsonSerializer.Serialize(
                        BenchmarkCatalog.All.Select(one => new
                        {
                            one.Name,
                            one.Title,
                            one.Summary,
                            Tasks = one.Tasks.Select(task => new { task.Name, Metric = task.PrimaryMetric.Name }),
                            Splits = one.SplitNames,
                            one.IsTrainable,
                            one.Licence,
                            one.Citation,
                        }),
                        Layout
                    )
                );
                return ExitCode.Success;
            }

            var table = PlainTable
                .Create()
                .With("name")
                .WithText("what it is")
                .WithText("tasks")
                .WithText("splits")
                .WithText("licence");
            foreach (var one in BenchmarkCatalog.All)
            {
                string[] cells =
                [
                    one.Name,
                    one.Summary,
                    string.Join(", ", one.Tasks),
                    string.Join(", ", one.SplitNames),
                    one.Licence,
                ];
                table.AddRow([.. cells.Select(Markup.Escape)]);
            }

            AnsiConsole.Write(table);
            return ExitCode.Success;
        });
        return command;
    }
}
