using Plait.Tasks;

namespace Plait.Tabular;

/// <summary>Decides what a target holds and whether it can be learned.</summary>
internal sealed class TargetInference
{
    private readonly CsvRows rows;
    private readonly TargetSpecification target;
    private readonly AnswerKind? asked;
    private readonly LabelProfile? labels; // of a kind that may name several classes a row

    /// <summary>Starts to look at a target.</summary>
    /// <param name="rows">The table.</param>
    /// <param name="target">What was asked for.</param>
    /// <param name="limit">How many different classes to remember.</param>
    /// <exception cref="TableException">There is no such kind, or what stands behind it is none of its separators: a wrong request.</exception>
    public TargetInference(CsvRows rows, TargetSpecification target, int limit)
    {
        this.rows = rows;
        this.target = target;
        asked = target.Kind is { } name ? TargetSpecification.KindOf(name, target.ToString()) : null;
        labels = Fitting(() => asked?.SeparatorsOf(target.Order)) is { Count: > 0 } separators
            ? new LabelProfile(asked!, separators, limit)
            : null;
        Profile = labels ?? (IColumnProfile)new ColumnProfile(limit);
    }

    /// <summary>Takes in the column's texts.</summary>
    public IColumnProfile Profile { get; }

    /// <summary>What the target holds, after all rows.</summary>
    /// <param name="warnings">Takes what a user should know.</param>
    /// <exception cref="TableException">It cannot be learned.</exception>
    public TargetColumn Infer(List<string> warnings)
    {
        var profile = Profile.Texts;
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

        if (labels?.Unseen is { } unseen)
        {
            warnings.Add(
                $"Target '{target.Column}': no row names more than one class, since {string.Join(" and ", unseen.Select(separator => TableException.Quote(separator)))} {(unseen.Count == 1 ? "stands" : "stand")} in none; {(target.Order is null ? $"where something else separates them, write it, as in -t '{target.Column}:{asked!.Name}=,'" : "where something else separates them, write that")}."
            );
        }

        var kind = asked ?? Guess(profile, warnings);
        var (separator, classes) = Profile.Classes;
        return new(target.Column, kind.Name, Fitting(() => kind.ClassesOf(target.Column, classes, target.Order)))
        {
            Separator = separator,
        };
    }

    /// <summary>What a kind says of the column, its faults as those of the table.</summary>
    private T Fitting<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (TargetTextException fault)
        {
            throw TableException.At(rows.Name, fault.Line, target.Column, fault.Message, isRequest: fault.IsRequest);
        }
    }

    /// <summary>The kind of the least rank that suits the column.</summary>
    private AnswerKind Guess(ColumnProfile profile, List<string> warnings)
    {
        var kind = AnswerKinds
            .All.Where(kind => kind.Rank is not null && kind.Suits(profile))
            .MinBy(kind => kind.Rank!.Value)!;
        if (kind.NoteOf(target.Column, profile) is { } note)
        {
            warnings.Add(note);
        }

        return kind;
    }

    private TableException Error(int? line, string message) =>
        TableException.At(rows.Name, line, target.Column, message);
}
