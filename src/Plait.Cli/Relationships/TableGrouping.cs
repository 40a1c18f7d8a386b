using Plait.Catalogue;
using Plait.Cli.Arguments;
using Plait.Relationships.Grouping;
using Plait.Relationships.Tables;

namespace Plait.Cli.Relationships;

/// <summary>What to choose networks from, and how.</summary>
internal sealed record TableGroupingOptions
{
    public required string File { get; init; }
    public required IReadOnlyList<double> Budgets { get; init; }
    public string? Method { get; init; }
    public string? Split { get; init; }
    public string? ReportSplit { get; init; }
    public bool HigherBetter { get; init; }
    public TimeSpan? TimeLimit { get; init; }
    public long Seed { get; init; }
}

/// <summary>Chooses networks from a table of networks that were trained.</summary>
internal static class TableGrouping
{
    private const string Exact = "exact";
    private const string HigherOrder = "hoa";
    private const string EarlyStopping = "esa";
    private const string AtRandom = "random";
    private const string Test = "test";

    public static IReadOnlyList<string> Methods { get; } = [Exact, HigherOrder, EarlyStopping, AtRandom];

    public static double[] ParseBudgets(string text) =>
        NumberList.Parse("--budget", text, "one number above 0 or several, such as 1,1.5,2", number => number > 0);

    public static IEnumerable<GroupingAnswer> Run(TableGroupingOptions options, CancellationToken cancel)
    {
        var method = Named(options.Method, Methods);
        var splits = PerformanceTableReader.Read(options.File, options.HigherBetter);
        var split = options.Split ?? Preferred(splits, method == EarlyStopping ? "early" : "val", method, options.File);
        var measured = splits.Table(split);
        var table =
            method == HigherOrder ? AtFile(options.File, () => HigherOrderApproximation.Predict(measured)) : measured;
        var selection = new NetworkSelection { TimeLimit = options.TimeLimit };
        var reported = splits.Splits.ToDictionary(name => name, name => splits.Table(name, skipIncomplete: true));
        var report = options.ReportSplit ?? (splits.Splits.Contains(Test) && split != Test ? Test : null);
        if (report is not null && !reported.ContainsKey(report))
        {
            splits.Table(report); // says which there are
        }

        string[] warnings =
        [
            .. Missing(splits, measured, method)
                .Concat(splits.Doubts(split))
                .Concat(Flattered(split, report))
                .Select(doubt => $"{options.File}: {doubt}"),
        ];
        foreach (var budget in options.Budgets)
        {
            var grouping = AtFile(
                options.File,
                () =>
                    method == AtRandom
                        ? RandomGrouping.Draw(table, budget, options.Seed)
                        : selection.Select(table, budget, cancel)
            );
            yield return new GroupingAnswer(grouping, method, splits.Sign)
            {
                Budget = budget,
                Split = split,
                Totals = reported.ToDictionary(pair => pair.Key, pair => splits.Sign * pair.Value.TotalOf(grouping)),
                ReportSplit = report,
                Warnings = warnings,
            };
        }
    }

    /// <summary>The higher-order approximation predicts the sets that are missing; the others do without.</summary>
    private static IEnumerable<string> Missing(PerformanceSplits splits, PerformanceTable measured, string method) =>
        method != HigherOrder && splits.MissingSets(measured) is { } missing ? [missing] : [];

    /// <summary>What to say where the losses that networks are chosen by are also told of them.</summary>
    private static IEnumerable<string> Flattered(string split, string? report)
    {
        if (split == Test || split == report)
        {
            yield return $"networks are chosen by the losses on {split}, so their total there is better than on new rows; choose by other rows with --split, or report others with --report-split.";
        }
    }

    /// <summary>The method that was named, or the first.</summary>
    public static string Named(string? method, IReadOnlyList<string> methods) =>
        method is null ? methods[0]
        : methods.Contains(method) ? method
        : throw new CommandFailure(
            $"there is no method '{method}' here; {(NameSuggestion.Name(method, methods) is { } near ? $"did you mean '{near}'?" : $"there are {string.Join(", ", methods)}.")}",
            ExitCode.Usage
        );

    /// <summary>Puts the file's name before what is wrong with its content, or with a budget for it.</summary>
    private static T AtFile<T>(string file, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ArgumentException failure)
        {
            throw new CommandFailure(
                $"{file}: {CommandFailure.MessageOf(failure)}",
                failure.ParamName == "budget" ? ExitCode.Usage : ExitCode.Failure
            );
        }
    }

    private static string Preferred(PerformanceSplits splits, string wanted, string method, string file) =>
        splits.Splits.Contains(wanted) ? wanted
        : method == EarlyStopping
            ? throw new CommandFailure(
                $"{file}: --method esa chooses by losses early in training, and there are no columns early_TASK; name the split that has them with --split."
            )
        : splits.Splits[0];
}
