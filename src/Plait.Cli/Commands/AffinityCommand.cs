using System.CommandLine;
using System.Globalization;
using Plait.Analysis;
using Plait.Cli.Display;
using Plait.Relationships;
using Plait.Torch;
using Spectre.Console;

namespace Plait.Cli.Commands;

/// <summary>Measures how much the targets of a table have to do with one another.</summary>
internal static class AffinityCommand
{
    private const int MostPrinted = 10; // more do not fit across a terminal

    private static readonly Option<string> Method = new("--method", "-m")
    {
        Description = $"The measure: {string.Join(", ", AffinityPlan.MethodNames)}; with options as in tag:interval=5.",
        HelpName = "SPEC",
        DefaultValueFactory = _ => "tag",
    };
    private static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "A CSV file for the matrix, as `plait group --affinity` reads it.",
        HelpName = "FILE.csv",
    };
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "affinity",
            """
            Measure how much the targets of a table, or the tasks of a benchmark, have to do with one another.

            Examples:
              plait affinity data.csv --target a --target b --target c
              plait affinity data.csv -t a -t b -t c --method rsa -o affinity.csv
              plait affinity --benchmark tox21 --method task2vec --seeds 3

            A row is the target that is affected, a column the one that affects it; greater is better, in the measure's own unit:
              tag              how far a step for one target lowers the loss of the other, over one joint training
              gradient-cosine  the cosine between their gradients, over one joint training
              pairwise         by how much a network of the two has a lower loss than one of the target alone
              task2vec         1 less the distance of what their labels say of a jointly trained network's weights
              the others       how alike networks are that were trained on one target each; `plait methods` describes them
            With --json one object is printed: {data, method, tasks, values (row by row), trainings, seconds}
            """
        )
        {
            Method,
            Output,
            Json,
        };
        AnalysisOptions.AddTo(command);
        command.SetAction(
            async (arguments, cancel) =>
            {
                if (!AnalysisOptions.HasData(arguments))
                {
                    throw new CommandFailure(
                        "Name a table with --target, or a --benchmark; see: plait affinity --help",
                        ExitCode.Usage
                    );
                }

                var (data, tasks, run, seeds) = AnalysisOptions.Read(arguments);
                var plan = new AffinityPlan
                {
                    Data = data,
                    Tasks = tasks,
                    Settings = run,
                    Seeds = seeds,
                    Method = arguments.GetValue(Method)!,
                };
                var json = arguments.GetValue(Json);
                var outcome = await AnalysisOptions.RunAsync(arguments, "affinity", plan, json, cancel);
                if (arguments.GetValue(Output) is { } file)
                {
                    Write(file, MeasuredAffinity.FromJson(outcome.Answer).ToMatrix());
                }

                Show(arguments, outcome, json);
                return ExitCode.Success;
            }
        );
        return command;
    }

    /// <summary>Prints finished affinities.</summary>
    public static void Show(ParseResult arguments, AnalysisOutcome outcome, bool json)
    {
        var output = arguments.InvocationConfiguration.Output;
        if (json)
        {
            output.WriteLine(outcome.Answer);
            return;
        }

        Print(Terminal.For(output), MeasuredAffinity.FromJson(outcome.Answer).ToMatrix());
        output.WriteLine($"Run:    {outcome.Id}");
        output.WriteLine($"Report: {outcome.Report}");
    }

    /// <summary>Prints a matrix of affinities.</summary>
    public static void Print(IAnsiConsole console, AffinityMatrix affinity)
    {
        if (affinity.Count > MostPrinted)
        {
            console.WriteLine($"The affinities of {affinity.Count} tasks are in the report.");
            return;
        }

        var table = PlainTable.Create().With("affected / by");
        foreach (var task in affinity.Tasks)
        {
            table.With(task, right: true);
        }

        for (var row = 0; row < affinity.Count; row++)
        {
            string[] cells =
            [
                affinity.Tasks[row],
                .. Enumerable
                    .Range(0, affinity.Count)
                    .Select(column =>
                        row == column ? "" : affinity[row, column].ToString("G2", CultureInfo.InvariantCulture)
                    ),
            ];
            table.AddRow(Array.ConvertAll(cells, PrintableText.Escape));
        }

        console.Write(table);
    }

    private static void Write(string file, AffinityMatrix affinity)
    {
        using var writer = new StringWriter();
        writer.WriteLine($"task,{string.Join(',', affinity.Tasks.Select(Quote))}");
        for (var row = 0; row < affinity.Count; row++)
        {
            var values = Enumerable.Range(0, affinity.Count).Select(column => affinity[row, column]);
            writer.WriteLine(
                $"{Quote(affinity.Tasks[row])},{string.Join(',', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}"
            );
        }

        AtomicFile.WriteText(file, writer.ToString());
    }

    private static string Quote(string name) =>
        name.IndexOfAny([',', '"', '\n', '\r', ';']) < 0 ? name : $"\"{name.Replace("\"", "\"\"")}\"";
}
