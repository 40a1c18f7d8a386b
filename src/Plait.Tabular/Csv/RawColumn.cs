namespace Plait.Tabular.Csv;

/// <summary>One column's values as read: numbers, or codes of texts. It grows as rows are added.</summary>
internal sealed class RawColumn
{
    private double[]? numbers;
    private int[]? codes;
    private List<int[]>? sets;
    private Dictionary<string, int>? setCodes;

    public RawColumn(bool isNumeric, int capacity)
    {
        numbers = isNumeric ? new double[capacity] : null;
        codes = isNumeric ? null : new int[capacity];
    }

    public ReadOnlySpan<double> Numbers =>
        numbers ?? throw new InvalidOperationException("The column holds texts; ask for their codes.");

    public ReadOnlySpan<int> Codes =>
        codes ?? throw new InvalidOperationException("The column holds numbers, not the codes of texts.");

    /// <summary>What the codes stand for where a text names several classes: their places.</summary>
    public IReadOnlyList<int[]> Sets => sets ?? [];

    /// <summary>The code of a text that names several classes; null where it was not met in this column.</summary>
    public int? CodeOf(ReadOnlySpan<char> text) =>
        setCodes is not null && setCodes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var code)
            ? code
            : null;

    /// <summary>Remembers what a text names.</summary>
    /// <returns>Its code.</returns>
    public int Keep(string text, int[] classes)
    {
        (sets ??= []).Add(classes);
        (setCodes ??= new(StringComparer.Ordinal)).Add(text, sets.Count - 1);
        return sets.Count - 1;
    }

    public void Set(int row, double number) => numbers![row] = number;

    public void Set(int row, int code) => codes![row] = code;

    public void Resize(int rows)
    {
        if (numbers is not null)
        {
            Array.Resize(ref numbers, rows);
        }
        else
        {
            Array.Resize(ref codes, rows);
        }
    }
}
