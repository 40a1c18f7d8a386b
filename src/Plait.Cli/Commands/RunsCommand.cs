using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plait.Cli.Display;
using Plait.Jobs.Runs;
using Spectre.Console;

namespace Plait.Cli.Commands;

/// <summary>Lists the runs of a store, or one of them with its parts.</summary>
internal static class RunsCommand
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly Argument<string?> Run = new("run")
    {
        Description = "A run's id or the start of it, or last: show its trainings.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<int> Limit = CommonOptions.Positive("--limit", "How many, newest first.", 20);
    private static readonly Option<bool> Delete = new("--delete")
    {
        Description = "Delete the run, with its numbers, checkpoints and report.",
    };
    private static readonly Option<string> Store = CommonOptions.Store();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "runs",
            """
            List the runs, newest first; or the trainings of one run.

            Examples:
              plait runs
              plait runs last
              plait runs 261122-1815 --delete
            """
        )
        {
            Run,
            Limit,
            Delete,
            Store,
            Json,
        };
        command.NeedsTorch = false;
        command.SetAction(arguments =>
        {
            var folder = arguments.GetValue(Store)!;
            if (IsBeforeTheFirst(arguments))
            {
                arguments.InvocationConfiguration.Output.WriteLine(
                    arguments.GetValue(Json) ? "[]" : NoRuns(Path.GetFullPath(folder))
                );
                return ExitCode.Success;
            }

            using var store = arguments.GetValue(Delete) ? RunStore.OpenExisting(folder) : RunStore.OpenToRead(folder);
            var chosen = arguments.GetValue(Run) is { } text ? store.Find(text) : null;
            if (arguments.GetValue(Delete))
            {
                store.Delete(
                    (
                        chosen
                        ?? throw new CommandFailure("Say which run to delete: plait runs RUN --delete", ExitCode.Usage)
                    ).Id
                );
                arguments.InvocationConfiguration.Output.WriteLine($"Deleted {chosen.Id}.");
                return ExitCode.Success;
            }

            var runs = chosen is null
                ? store.List(new RunFilter { Limit = arguments.GetValue(Limit) })
                : [chosen, .. store.Children(chosen.Id)];
            if (arguments.GetValue(Json))
            {
                arguments.InvocationConfiguration.Output.WriteLine(
                    JsonSerializer.Serialize(runs.Select(run => Fields(store, run)), Layout)
                );
            }
            else
            {
                Write(arguments.InvocationConfiguration.Output, runs, store.Folder);
            }

            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Whether nothing has run here yet, which is no mistake; a folder that is named and holds no store is one.</summary>
    private static bool IsBeforeTheFirst(ParseResult arguments) =>
        arguments.GetResult(Store) is null or { Implicit: true }
        && arguments.GetValue(Run) is null
        && !arguments.GetValue(Delete)
        && !RunStore.IsIn(arguments.GetValue(Store)!);

    private static string NoRuns(string folder) => $"There are no runs in {folder} yet; start with: plait compare";

    private static object Fields(RunStore store, RunRecord run) =>
        new
        {
            run.Id,
            Kind = Lower(run.Kind),
            run.Parent,
            run.Name,
            run.Benchmark,
            Status = Lower(run.Status),
            run.Created,
            run.Updated,
            run.Seconds,
            run.Parameters,
            run.Error,
            Specification = JsonDocument.Parse(run.Specification).RootElement,
            Result = store.Result(run.Id) is { } json ? JsonDocument.Parse(json).RootElement : (JsonElement?)null,
        };

    private static void Write(TextWriter output, IReadOnlyList<RunRecord> runs, string folder)
    {
        if (runs.Count == 0)
        {
            output.WriteLine(NoRuns(folder));
            return;
        }

        var table = PlainTable
            .Create()
            .With("run")
            .With("kind")
            .WithText("name")
            .WithText("data")
            .With("status")
            .With("seconds", right: true);
        foreach (var run in runs)
        {
            string[] cells = [run.Id, Lower(run.Kind), Name(run), run.Benchmark, Lower(run.Status), Seconds(run)];
            table.AddRow([.. cells.Select(PrintableText.Escape)]);
        }

        Terminal.For(output).Write(table);
        foreach (var run in runs.Where(run => run.Error is not null))
        {
            output.WriteLine($"{run.Id}: {run.Error!.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>A run's name, with its tasks where it has some of its data's alone.</summary>
    private static string Name(RunRecord run) =>
        run.Kind == RunKind.Training && JsonNode.Parse(run.Specification)?["tasks"] is JsonArray tasks
            ? $"{run.Name} ({string.Join(", ", tasks.Select(task => (string?)task))})"
            : run.Name;

    /// <summary>How long a run trained, which is known of finished ones.</summary>
    private static string Seconds(RunRecord run) =>
        run.Status != RunStatus.Finished ? "–"
        : run.Seconds < 0.1 ? "< 0.1"
        : run.Seconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
