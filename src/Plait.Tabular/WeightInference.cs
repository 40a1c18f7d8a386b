using Plait.Tabular.Csv;

namespace Plait.Tabular;

/// <summary>Finds the columns and the classes that weights are given for.</summary>
internal static class WeightInference
{
    private const string ClassForm = "write TARGET:CLASS=NUMBER, for example churn:yes=5";

    /// <summary>The columns that weigh rows.</summary>
    /// <param name="rows">The table.</param>
    /// <param name="targets">The columns to be learned.</param>
    /// <param name="options">The weights: COLUMN or TARGET:COLUMN each; a column of the whole name wins.</param>
    /// <param name="warnings">Takes what could have been meant otherwise.</param>
    /// <exception cref="TableException">There is no such column or target, or a column is named twice or has another use: a wrong request.</exception>
    public static WeightColumn[] Columns(
        CsvRows rows,
        IReadOnlyList<TargetSpecification> targets,
        TableOptions options,
        List<string> warnings
    )
    {
        string[] names = [.. targets.Select(target => target.Column)];
        WeightColumn[] columns = [.. options.Weights.Select(text => Column(rows, names, text, warnings))];
        if (columns.CountBy(column => column).FirstOrDefault(count => count.Value > 1).Key is { } twice)
        {
            throw TableException.OfRequest(
                $"The weight '{twice.Name}' is named twice, and would be multiplied by itself; name it once."
            );
        }

        RequireOneUse(columns, names, "a target");
        RequireOneUse(columns, options.Ignore, "ignored");
        RequireOneUse(columns, options.Categorical, "categorical");
        return columns;
    }

    /// <summary>Targets with the weights of their classes.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="texts">TARGET:CLASS=NUMBER each.</param>
    /// <exception cref="TableException">There is no such target or class, or a number is no weight: a wrong request.</exception>
    public static TargetColumn[] WithClassWeights(TargetColumn[] targets, IReadOnlyList<string> texts)
    {
        var given = new Dictionary<(string Target, int Class), double>();
        foreach (var text in texts)
        {
            var (target, place, weight) = ClassWeight(targets, text);
            if (!given.TryAdd((target.Name, place), weight))
            {
                throw TableException.OfRequest(
                    $"The class '{target.Classes[place]}' of target '{target.Name}' has two weights; give one."
                );
            }
        }

        return [.. targets.Select(Weigh)];

        TargetColumn Weigh(TargetColumn target)
        {
            double[] weights = [.. target.Classes.Select((_, i) => given.GetValueOrDefault((target.Name, i), 1))];
            if (target.Answers.FaultOfClassWeights(weights) is { } fault)
            {
                throw TableException.OfRequest(
                    $"The class weights of target '{target.Name}' leave nothing to tell its classes apart by; {fault}."
                );
            }

            return given.Keys.Any(key => key.Target == target.Name) ? target with { ClassWeights = weights } : target;
        }
    }

    private static void RequireOneUse(WeightColumn[] columns, IReadOnlyList<string> others, string use)
    {
        if (Array.Find(columns, column => others.Contains(column.Name)) is { } both)
        {
            throw TableException.OfRequest($"Column '{both.Name}' is {use} and also a weight; choose one of them.");
        }
    }

    private static WeightColumn Column(CsvRows rows, string[] targets, string text, List<string> warnings)
    {
        WeightColumn[] ofTargets =
        [
            .. SplitsAt(text, ':')
                .Where(split => targets.Contains(split.Left))
                .Select(split => new WeightColumn(split.Right, split.Left)),
        ];
        var found = ofTargets.FirstOrDefault(column => rows.Header.Contains(column.Name));
        if (rows.Header.Contains(text))
        {
            if (found is not null)
            {
                warnings.Add(
                    $"The weight '{text}' is the column of that name, for all targets, and not column '{found.Name}' for target '{found.Target}'; rename one of them if that was meant."
                );
            }

            return new(text);
        }

        if (found is not null)
        {
            return found;
        }

        if (ofTargets.Length == 0 && text.Contains(':', StringComparison.Ordinal))
        {
            var left = text[..text.IndexOf(':', StringComparison.Ordinal)].Trim();
            throw TableException.OfRequest(
                $"The weight {TableException.Quote(text)} is no column, and what stands before the colon is no target; write COLUMN, or TARGET:COLUMN: {NearestName.Hint(left, targets, "the targets")}"
            );
        }

        var wanted = ofTargets.FirstOrDefault() ?? new(text);
        _ = rows.IndexOf(
            wanted.Name,
            wanted.Target is null ? "the weight" : $"the weight of target '{wanted.Target}'",
            isRequest: true
        );
        return wanted;
    }

    private static (TargetColumn Target, int Class, double Weight) ClassWeight(TargetColumn[] targets, string text)
    {
        var equals = text.LastIndexOf('=');
        if (
            equals < 0
            || !Number.TryParse(text.AsSpan(equals + 1).Trim(), out var weight)
            || !WeightRange.Holds(weight)
        )
        {
            throw TableException.OfRequest(
                $"The class weight {TableException.Quote(text)} ends in no weight, which is {WeightRange.Words}; {ClassForm}."
            );
        }

        var name = text[..equals];
        var target = targets.FirstOrDefault(one => SplitsAt(name, ':').Any(split => split.Left == one.Name));
        if (target is null)
        {
            var colon = name.IndexOf(':', StringComparison.Ordinal);
            var left = (colon < 0 ? name : name[..colon]).Trim();
            throw TableException.OfRequest(
                $"The class weight {TableException.Quote(text)} names no target; {ClassForm}: {NearestName.Hint(left, [.. targets.Select(one => one.Name)], "the targets")}"
            );
        }

        if (!target.Answers.WeighsClasses)
        {
            throw TableException.OfRequest(
                $"The class weight {TableException.Quote(text)} is for target '{target.Name}', a {target.Kind} target, {(target.Answers.HoldsSeveral ? "whose rows may have several classes or none" : "which has no classes")}; leave it out, or weigh rows by a column."
            );
        }

        var wanted = SplitsAt(name, ':').First(split => split.Left == target.Name).Right;
        var place = target.Classes.ToList().IndexOf(wanted);
        return place >= 0
            ? (target, place, weight)
            : throw TableException.OfRequest(
                $"{TableException.Quote(wanted)} is no class of target '{target.Name}'; {NearestName.Hint(wanted, target.Classes, "the classes")}"
            );
    }

    private static IEnumerable<(string Left, string Right)> SplitsAt(string text, char at) =>
        from place in Enumerable.Range(0, text.Length)
        where text[place] == at
        select (text[..place].Trim(), text[(place + 1)..].Trim());
}
