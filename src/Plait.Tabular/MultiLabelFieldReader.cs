using Plait.Tabular.Csv;
using Plait.Tasks;

namespace Plait.Tabular;

/// <summary>Reads texts that each name any number of classes, as codes of what they name.</summary>
internal sealed class MultiLabelFieldReader : FieldReader
{
    private readonly Dictionary<string, int> places;
    private readonly AnswerKind kind;
    private readonly string separator;
    private readonly string? classes;

    /// <summary>Reads texts.</summary>
    /// <param name="field">The field's place in the file.</param>
    /// <param name="target">The classes, and what stands between them.</param>
    /// <param name="mustBeKnown">Whether another class is an error; else the row's target is missing.</param>
    public MultiLabelFieldReader(int field, TargetColumn target, bool mustBeKnown)
        : base(field)
    {
        kind = target.Answers;
        separator = target.Separator ?? kind.SeparatorsOf(null)[0];
        places = target.Classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        classes = mustBeKnown ? Some(target.Classes) : null;
    }

    public override bool IsNumeric => false;

    public override void Read(CsvRows rows, MissingMarkers missing, RawColumn column, int row)
    {
        var text = rows[Field];
        column.Set(row, missing.Contains(text) ? TabularData.Missing : column.CodeOf(text) ?? Parse(rows, column));
    }

    private int Parse(CsvRows rows, RawColumn column)
    {
        var text = rows[Field].ToString();
        var parts = kind.PartsOf(text, separator);
        if (parts.FirstOrDefault(part => !places.ContainsKey(part)) is not { } unknown)
        {
            return column.Keep(text, [.. parts.Select(part => places[part])]);
        }

        if (classes is not null)
        {
            throw rows.Error(
                Field,
                $"{TableException.Quote(unknown)} is no class of this target, whose classes are separated by {TableException.Quote(separator)} and are {classes}; correct it, leave it empty, or train anew with it."
            );
        }

        CountUnseen(unknown, rows.Line);
        return TabularData.Missing;
    }
}
