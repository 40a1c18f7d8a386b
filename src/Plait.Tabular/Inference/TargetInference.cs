using Plait.Tabular.Csv;
using Plait.Tasks.Answers;

namespace Plait.Tabular.Inference;

/// <summary>Decides what a target holds and whether it can be learned.</summary>
internal sealed class TargetInference(
    CsvRows rows,
    TargetSpecification target,
    ColumnProfile profile,
    List<string> warnings
)
{
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

        var kind = target.Kind is { } name ? TargetSpecification.KindOf(name, target.ToString()) : Guess();
        try
        {
            return new(target.Column, kind.Name, kind.ClassesOf(target.Column, profile, target.Order));
        }
        catch (TargetTextException fault)
        {
            throw TableException.At(rows.Name, fault.Line, target.Column, fault.Message, isRequest: fault.IsRequest);
        }
    }

    /// <summary>The kind of the least rank that suits the column.</summary>
    private AnswerKind Guess()
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
