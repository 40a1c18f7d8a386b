namespace Plait.Tabular.Csv;

/// <summary>One column's values as read: numbers, or codes of texts. It grows as rows are added.</summary>
internal sealed class RawColumn
{
    private double[]? numbers;
    private int[]? codes;

    public RawColumn(bool isNumeric, int capacity)
    {
        numbers = isNumeric ? new double[capacity] : null;
        codes = isNumeric ? null : new int[capacity];
    }

    public ReadOnlySpan<double> Numbers =>
        numbers ?? throw new InvalidOperationException("The column holds texts; ask for their codes.");

    public ReadOnlySpan<int> Codes =>
        codes ?? throw new InvalidOperationException("The column holds numbers, not the codes of texts.");

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
