using Plait.Tabular.Csv;

namespace Plait.Tabular.Inference;

/// <summary>Decides what a target holds and whether it can be learned.</summary>
internal sealed class TargetInference(
    CsvRows rows,
    TargetSpecification target,
    ColumnProfile profile,
    List<string> warnings
)
{
    private const int MostWholeNumberClasses = 20;
    private const int LeastRowsPerClass = 2;

    private static readonly string[] PositiveNames = ["true", "yes", "1", "positive", "t", "y"];

    public TargetColumn Infer()
    {
        if (profile.Present == 0)
        {
            throw Error(null, "the target is missing in every row; fill it in, or choose another target.");
        }

        if (profile.IsConstant)
        {
            throw Error(
                null,
                $"the target says {TableException.Quote(profile.Values.Keys.First())} in every row, so there is nothing to learn; choose another target."
            );
        }

        var kind = target.Kind ?? Guess();
        return kind switch
        {
            TargetKind.Regression => Regression(),
            TargetKind.Binary => Binary(),
            _ => Classification(),
        };
    }

    /// <summary>Two values are binary; texts, and up to 20 whole numbers that repeat, are classes; all else is a quantity.</summary>
    private TargetKind Guess()
    {
        var values = profile.Values.Count;
        var repeats = profile.Present >= (long)LeastRowsPerClass * values;
        if (!profile.Overflows && values == 2)
        {
            return TargetKind.Binary;
        }

        if (!profile.IsNumeric)
        {
            return MostlyNumbers() ? TargetKind.Regression : TargetKind.Classification;
        }

        if (profile is { Overflows: false, IsWhole: true } && values <= MostWholeNumberClasses && repeats)
        {
            warnings.Add(
                $"Target '{target.Column}' is taken as one of {values} classes, as it has few whole numbers; write {target.Column}:regression if they are amounts."
            );
            return TargetKind.Classification;
        }

        return TargetKind.Regression;
    }

    private TargetColumn Regression()
    {
        if (profile.FirstText is { } text)
        {
            throw Error(
                text.Line,
                $"{TableException.Quote(text.Text)} is not a number, which a regression target needs; correct it, leave it empty where it is missing, or write {target.Column}:classification."
            );
        }

        if (profile.FirstInfinite is { } infinite)
        {
            throw Error(
                infinite.Line,
                $"{TableException.Quote(infinite.Text)} {Number.TooLarge}; correct it or leave it empty."
            );
        }

        return new(target.Column, TargetKind.Regression, []);
    }

    private TargetColumn Binary()
    {
        var classes = profile.Sorted();
        if (classes.Length > 2 || profile.Overflows)
        {
            var (third, line) = profile.Values.OrderBy(value => value.Value).ElementAt(2);
            throw Error(
                line,
                $"{TableException.Quote(third)} is a third value, but a binary target has two; correct it, leave it empty where it is missing, or write {target.Column}:classification."
            );
        }

        if (IsPositive(classes[0]) && !IsPositive(classes[1]))
        {
            Array.Reverse(classes);
        }

        return new(target.Column, TargetKind.Binary, classes);
    }

    private TargetColumn Classification() =>
        profile.Overflows
            ? throw Error(
                null,
                $"the target has more than {profile.Values.Count} classes; {(profile.IsNumeric ? $"write {target.Column}:regression if they are amounts, " : "")}join rare ones, or choose another target."
            )
            : new(target.Column, TargetKind.Classification, profile.Sorted());

    private bool MostlyNumbers() => profile.Numbers > profile.Present / 2;

    private static bool IsPositive(string name) => PositiveNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    private TableException Error(int? line, string message) =>
        TableException.At(rows.Name, line, target.Column, message);
}
