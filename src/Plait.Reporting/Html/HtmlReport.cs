using System.Reflection;
using Plait.Benchmarks.Comparison;
using Plait.Benchmarks.Extension;
using Plait.Jobs.Runs;
using Plait.Reporting.Plots;
using Plait.Reporting.Relationships;
using Plait.Torch;

namespace Plait.Reporting.Html;

/// <summary>Tells what a run was and what came out of it, in one HTML file that needs nothing beside it.</summary>
/// <remarks>
/// A comparison's result is the JSON of its <see cref="ComparisonTable"/>; its curves come from its children, which belong to
/// the recipe whose name they have. A comparison without a result, because it runs or was stopped, shows its curves.
/// </remarks>
public static class HtmlReport
{
    /// <summary>Writes the report; a reader sees the old file or the whole new one.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The run's id.</param>
    /// <param name="path">The file to write.</param>
    /// <exception cref="RunStoreException">There is no such run, or its result cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(RunStore store, string id, string path)
    {
        AtomicFile.WriteText(path, Render(store, id));
    }

    /// <summary>The report as text.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The run's id.</param>
    /// <exception cref="RunStoreException">There is no such run, or its result cannot be read.</exception>
    public static string Render(RunStore store, string id)
    {
        ArgumentNullException.ThrowIfNull(store);
        var run = store.Find(id);
        return run.Kind switch
        {
            RunKind.Comparison => Comparison(store, run),
            RunKind.Analysis => Analysis(store, run),
            RunKind.Extension => Extension(store, run),
            _ => Training(store, run),
        };
    }

    private static string Analysis(RunStore store, RunRecord run)
    {
        try
        {
            return Page(
                $"{run.Name} on {run.Benchmark}",
                RunFacts.Head($"{run.Name} on {run.Benchmark}", run, ("Data", run.Benchmark)),
                store.Result(run.Id) is { } result ? AnalysisReport.Draw(run.Specification, result) : null,
                RunFacts.Trainings(store.Children(run.Id)),
                RunFacts.Specification(run)
            );
        }
        catch (FormatException error)
        {
            throw new RunStoreException($"The result of run {run.Id} cannot be read: {error.Message}", error);
        }
    }

    private static string Extension(RunStore store, RunRecord run)
    {
        try
        {
            var children = store.Children(run.Id);
            var table = store.Result(run.Id) is { } json ? ExtensionTable.FromJson(json) : null;
            var group = RunGroup.Load(
                store,
                children.Select(child => child.Name).FirstOrDefault(run.Name),
                1,
                children
            );
            return Page(
                $"{run.Name} on {run.Benchmark}",
                RunFacts.Head(
                    $"{run.Name} on {run.Benchmark}",
                    run,
                    [("Benchmark", run.Benchmark), .. ExtensionResults.Facts(table)]
                ),
                table is null ? null : ExtensionResults.Draw(table),
                AnswerPictures.Draw(store, children),
                CurvePlots.Draw([group]),
                RunFacts.Trainings(children),
                RunFacts.Specification(run)
            );
        }
        catch (FormatException error)
        {
            throw new RunStoreException($"The result of run {run.Id} cannot be read: {error.Message}", error);
        }
    }

    private static string Comparison(RunStore store, RunRecord run)
    {
        var table = Table(store, run);
        var children = store.Children(run.Id);
        string[] recipes =
        [
            .. (table?.Rows.Select(row => row.Recipe) ?? []).Concat(children.Select(child => child.Name)).Distinct(),
        ];
        RunGroup[] groups =
        [
            .. recipes.Select(
                (recipe, colour) => RunGroup.Load(store, recipe, colour, children.Where(child => child.Name == recipe))
            ),
        ];
        (string, string)[] facts =
        [
            ("Benchmark", run.Benchmark),
            ("Recipes", Format.Count(recipes.Length)),
            .. table is null
                ? Array.Empty<(string, string)>()
                :
                [
                    ("Tasks", Format.Count(table.Tasks.Count)),
                    ("Seeds", string.Join(", ", table.Seeds)),
                    ("Baseline", table.Rows[0].Recipe),
                ],
        ];
        return Page(
            $"{run.Name} on {run.Benchmark}",
            RunFacts.Head($"{run.Name} on {run.Benchmark}", run, facts),
            table is null ? null : ResultTable.Draw(table),
            table is null ? null : ResultPlots.DeltaM(table),
            table is null ? null : ResultPlots.Tasks(table),
            AnswerPictures.Draw(store, children),
            CurvePlots.Draw(groups),
            WeightPlots.OfLosses(groups),
            WeightPlots.OfUpdates(groups),
            WeightPlots.OfNorms(groups),
            CosinePlots.Draw(groups),
            ConflictPlots.Draw(groups),
            RunFacts.Trainings(children),
            RunFacts.Specification(run)
        );
    }

    private static string Training(RunStore store, RunRecord run)
    {
        var group = RunGroup.Load(store, run.Name, 1, [run]);
        var outcome = RunOutcome.Read(store.Result(run.Id));
        return Page(
            $"{run.Name} on {run.Benchmark}",
            RunFacts.Head(
                $"{run.Name} on {run.Benchmark}",
                run,
                [("Data", run.Benchmark), ("Tasks", Format.Count(group.Tasks.Count())), .. outcome.Facts]
            ),
            outcome.Warnings(),
            TestMetrics.Draw(group),
            CurvePlots.Draw([group]),
            WeightPlots.OfLosses([group]),
            WeightPlots.OfUpdates([group]),
            WeightPlots.OfNorms([group]),
            CosinePlots.Draw([group]),
            ConflictPlots.Draw([group]),
            RunFacts.Specification(run)
        );
    }

    private static ComparisonTable? Table(RunStore store, RunRecord run)
    {
        if (store.Result(run.Id) is not { } json)
        {
            return null;
        }

        try
        {
            var table = ComparisonTable.FromJson(json);
            return table.Rows.Count > 0 ? table : null;
        }
        catch (FormatException error)
        {
            throw new RunStoreException($"The result of run {run.Id} cannot be read: {error.Message}", error);
        }
    }

    private static string Page(string title, params object?[] body) =>
        Markup.Page($"{title} · Plait", Resource("report.css"), Resource("report.js"), body);

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
