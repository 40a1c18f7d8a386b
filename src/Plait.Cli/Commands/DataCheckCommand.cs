using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Plait.Benchmarks;
using Plait.Benchmarks.Vision;
using Plait.Data;

namespace Plait.Cli.Commands;

/// <summary>Reads every file of a data set's folder and names the first thing that is wrong.</summary>
internal static class DataCheckCommand
{
    private static readonly Argument<string> Folder = new("dir") { Description = "The folder that holds the files." };
    private static readonly Option<long?> Rows = new("--rows")
    {
        Description = "Read only so many rows of each part and task; all when left out.",
        HelpName = "N",
    };
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var name = DataDescribeCommand.Name();
        var command = new DescribedCommand(
            "check",
            """
            Verify a data set's folder: read every file, and name the first thing that is wrong.

            Examples:
              plait data check nyuv2 /data/nyuv2
              plait data check celeba /data/celeba --rows 1000
            """
        )
        {
            name,
            Folder,
            Rows,
            Json,
        };
        command.SetAction(
            (arguments, cancel) =>
            {
                var one = DataDescribeCommand.Find(arguments.GetValue(name)!);
                var folder = Path.GetFullPath(arguments.GetValue(Folder)!);
                if (arguments.GetValue(Rows) is <= 0)
                {
                    throw new CommandFailure("--rows is 1 or more.", ExitCode.Usage);
                }

                var summary = Check(one, folder, arguments.GetValue(Rows), cancel);
                var counts = summary.Rows;
                var output = arguments.InvocationConfiguration.Output;
                if (arguments.GetValue(Json))
                {
                    output.WriteLine(
                        JsonSerializer.Serialize(
                            new
                            {
                                one.Name,
                                Folder = folder,
                                Train = counts[0],
                                Validation = counts[1],
                                Test = counts[2],
                                summary.Notices,
                            },
                            JsonSerializerOptions.Web
                        )
                    );
                    return Task.FromResult(ExitCode.Success);
                }

                foreach (var notice in summary.Notices)
                {
                    output.WriteLine(notice);
                }

                output.WriteLine(
                    $"{folder} is a folder of {one.Name}: {Text(counts[0])} rows to train on, {Text(counts[1])} for validation, {Text(counts[2])} for the test."
                );
                if (one is FolderBenchmark { Guide.Size: var size })
                {
                    output.WriteLine($"The whole set: {size}.");
                }

                return Task.FromResult(ExitCode.Success);
            }
        );
        return command;
    }

    private static FolderSummary Check(Benchmark one, string folder, long? rows, CancellationToken cancel)
    {
        if (one is FolderBenchmark benchmark)
        {
            return benchmark.Check(folder, rows, progress: null, cancel);
        }

        using var data = one.Load(new BenchmarkOptions { DataDirectory = folder });
        return new([.. new IDataSet[] { data.Train, data.Validation, data.Test }.Select(part => part.RowsInAll)]);
    }

    private static string Text(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
