using System.CommandLine;
using System.Text.Json;
using Plait.Benchmarks;
using Plait.Benchmarks.Vision;
using Plait.Cli.Arguments;
using Plait.Data.Augmentation;

namespace Plait.Cli.Commands;

/// <summary>Says what a data set is and, where it does not come with the program, what to put where.</summary>
internal static class DataDescribeCommand
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly Option<bool> Json = CommonOptions.Json();

    /// <summary>The name of a data set, as both commands take it.</summary>
    public static Argument<string> Name() => new("name") { Description = "The data set, as plait data lists it." };

    /// <summary>The data set of a name.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static Benchmark Find(string name) => NamedBenchmark.Find(name, "data set");

    public static Command Create()
    {
        var name = Name();
        var command = new DescribedCommand(
            "describe",
            """
            Say what a data set is: its tasks, files, sizes, licence and protocol, and what to put where.

            Examples:
              plait data describe nyuv2
              plait data describe celeba --json
            """
        )
        {
            name,
            Json,
        };
        command.SetAction(arguments =>
        {
            var one = Find(arguments.GetValue(name)!);
            var output = arguments.InvocationConfiguration.Output;
            if (arguments.GetValue(Json))
            {
                output.WriteLine(JsonSerializer.Serialize(Fields(one), Layout));
            }
            else
            {
                foreach (var line in Lines(one))
                {
                    output.WriteLine(line);
                }
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static object Fields(Benchmark one) =>
        new
        {
            one.Name,
            one.Title,
            one.Summary,
            Tasks = Tasks(one)
                .Select(task => new
                {
                    task.Name,
                    task.Output,
                    task.Metrics,
                }),
            Splits = one.SplitNames,
            SharesInput = one.Streams.AreShared,
            one.IsEmbedded,
            Guide = (one as FolderBenchmark)?.Guide,
            one.Augmentation,
            one.Licence,
            one.Citation,
        };

    private static IEnumerable<string> Lines(Benchmark one)
    {
        yield return $"{one.Name}: {one.Title}";
        yield return one.Summary;
        yield return "";
        yield return "Tasks";
        foreach (var (name, output, metrics) in Tasks(one))
        {
            yield return $"  {name}: {output}; {metrics}";
        }

        yield return "";
        if (one is FolderBenchmark { Guide: var guide })
        {
            yield return $"Where it comes from: {guide.Source}.";
            yield return $"Size: {guide.Size}.";
            yield return "Files, in the folder that --data names:";
            foreach (var file in guide.Files)
            {
                yield return $"  {file.Path}";
                yield return $"      {file.Content}";
            }

            yield return $"Protocol: {guide.Protocol}";
            yield return $"Check a folder: plait data check {one.Name} DIR";
        }
        else if (!one.IsEmbedded)
        {
            yield return "The data does not come with the program: --data DIR reads its files from a folder.";
        }
        else
        {
            yield return "The data comes with the program; --data DIR reads files of the same names from a folder instead.";
        }

        if (one.Augmentation is { } augmentation)
        {
            yield return $"Augmentation: enlarged by {string.Join(", ", augmentation.Scales)}; mirrored in {augmentation.FlipShare:0%} of cases.";
        }

        yield return $"Splits: {string.Join(", ", one.SplitNames)}";
        yield return $"Licence: {one.Licence}";
        yield return $"Cite: {one.Citation}";
    }

    private static IEnumerable<(string Name, string Output, string Metrics)> Tasks(Benchmark one) =>
        one.Tasks.Select(
            (task, place) =>
                (
                    task.Name,
                    $"{task.Output.Channels} {(task.Output.Channels == 1 ? "number" : "numbers")} a {task.Output.Layout.ToString().ToLowerInvariant()}"
                        + (one.Geometry?[place] is { } geometry and not TargetGeometry.None ? $" ({geometry})" : ""),
                    string.Join(", ", task.Metrics)
                )
        );
}
