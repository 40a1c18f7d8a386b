using Plait.Tabular.Csv;

namespace Plait.Tabular;

/// <summary>Turns one field of each row into a number or a code.</summary>
internal abstract class FieldReader(int field)
{
    private const int MostNamed = 10;

    /// <summary>The field's place in the file.</summary>
    protected int Field { get; } = field;

    /// <summary>Whether the values are numbers.</summary>
    public abstract bool IsNumeric { get; }

    /// <summary>Texts so far that are not known.</summary>
    public long UnseenCount { get; private set; }

    /// <summary>The first text that is not known, and its line.</summary>
    public (string Text, int Line)? FirstUnseen { get; private set; }

    /// <summary>Reads the field of the current row.</summary>
    public abstract void Read(CsvRows rows, MissingMarkers missing, RawColumn column, int row);

    /// <summary>Counts a text that is not known.</summary>
    protected void CountUnseen(ReadOnlySpan<char> text, int line)
    {
        UnseenCount++;
        FirstUnseen ??= (text.ToString(), line);
    }

    /// <summary>A few classes as messages name them, and "…" for the rest.</summary>
    protected static string Some(IReadOnlyList<string> classes) =>
        string.Join(", ", classes.Take(MostNamed)) + (classes.Count > MostNamed ? ", …" : "");
}

/// <summary>Reads numbers.</summary>
internal sealed class NumberFieldReader(int field) : FieldReader(field)
{
    public override bool IsNumeric => true;

    public override void Read(CsvRows rows, MissingMarkers missing, RawColumn column, int row)
    {
        var text = rows[Field];
        if (!Number.TryParse(text, out var number))
        {
            if (!missing.Contains(text))
            {
                throw rows.Error(
                    Field,
                    $"{TableException.Quote(text)} is not a number, as this column had when it was first read; correct it, or leave it empty if it is missing."
                );
            }

            number = double.NaN;
        }
        else if (missing.Contains(text))
        {
            number = double.NaN; // a number such as -999 can be a marker
        }
        else if (double.IsInfinity(number))
        {
            throw rows.Error(Field, $"{TableException.Quote(text)} {Number.TooLarge}; correct it or leave it empty.");
        }

        column.Set(row, number);
    }
}

/// <summary>Reads what rows weigh.</summary>
internal sealed class WeightFieldReader(int field) : FieldReader(field)
{
    public override bool IsNumeric => true;

    public override void Read(CsvRows rows, MissingMarkers missing, RawColumn column, int row)
    {
        var text = rows[Field];
        if (!Number.TryParse(text, out var weight) || !WeightRange.Holds(weight))
        {
            throw rows.Error(
                Field,
                $"{TableException.Quote(text)} is no weight, which is {WeightRange.Words}; correct it, or write 0 to leave the row out."
            );
        }

        column.Set(row, weight);
    }
}

/// <summary>Reads texts as codes and counts those that are not known.</summary>
internal sealed class CodeFieldReader : FieldReader
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> codes;
    private readonly Dictionary<double, int> numbers = [];
    private readonly string? classes;
    private readonly int unseen;

    /// <summary>Reads texts.</summary>
    /// <param name="field">The field's place in the file.</param>
    /// <param name="values">The known texts.</param>
    /// <param name="mustBeKnown">Whether another text is an error.</param>
    /// <param name="unseen">The code of another text that is none.</param>
    public CodeFieldReader(int field, IReadOnlyList<string> values, bool mustBeKnown, int unseen = TabularData.Unseen)
        : base(field)
    {
        this.unseen = unseen;
        var dictionary = new Dictionary<string, int>(values.Count, StringComparer.Ordinal);
        for (var code = 0; code < values.Count; code++)
        {
            dictionary.Add(values[code], code);
            if (Number.TryParse(values[code], out var number))
            {
                numbers.TryAdd(number, code);
            }
        }

        codes = dictionary.GetAlternateLookup<ReadOnlySpan<char>>();
        classes = mustBeKnown ? Some(values) : null;
    }

    public override bool IsNumeric => false;

    /// <summary>Whether a text that is not known may be a known number that is written otherwise: 3.0 for 3.</summary>
    public bool ByNumber { get; init; }

    public override void Read(CsvRows rows, MissingMarkers missing, RawColumn column, int row)
    {
        var text = rows[Field];
        if (missing.Contains(text))
        {
            column.Set(row, TabularData.Missing);
        }
        else if (
            codes.TryGetValue(text, out var code)
            || (ByNumber && Number.TryParse(text, out var number) && numbers.TryGetValue(number, out code))
        )
        {
            column.Set(row, code);
        }
        else if (classes is not null)
        {
            throw rows.Error(
                Field,
                $"{TableException.Quote(text)} is no class of this target; the classes are {classes}; correct it, leave it empty, or train anew with it."
            );
        }
        else
        {
            CountUnseen(text, rows.Line);
            column.Set(row, unseen);
        }
    }
}
