using System.CommandLine;
using System.Text.Json;
using Plait.Benchmarks;
using Plait.Cli.Display;
using Spectre.Console;

namespace Plait.Cli.Commands;

/// <summary>Lists the data sets that the program can read.</summary>
internal static class DataCommand
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private const int MostTasks = 5; // that a list names one by one

    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "data",
            """
            List the data sets: their tasks, ways to divide them, licences.

            Examples:
              plait data
              plait data describe nyuv2
              plait data check nyuv2 /data/nyuv2
              plait compare --benchmark parkinsons
            """
        )
        {
            Json,
            DataDescribeCommand.Create(),
            DataCheckCommand.Create(),
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
                            one.IsEmbedded,
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
                .With("data")
                .WithText("what it is")
                .WithText("tasks")
                .WithText("splits")
                .WithText("licence");
            foreach (var one in BenchmarkCatalog.All)
            {
                string[] cells =
                [
                    one.Name,
                    one.IsEmbedded ? "here" : "folder",
                    one.Summary,
                    Tasks(one),
                    string.Join(", ", one.SplitNames),
                    one.Licence,
                ];
                table.AddRow([.. cells.Select(PrintableText.Escape)]);
            }

            Terminal.For(arguments.InvocationConfiguration.Output).Write(table);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The names of the tasks; of many, the first and how many there are.</summary>
    private static string Tasks(Benchmark one) =>
        one.Tasks.Count <= MostTasks
            ? string.Join(", ", one.Tasks)
            : $"{one.Tasks[0]}, {one.Tasks[1]} and {one.Tasks.Count - 2} more";
}
