using Plait.Tabular.Csv;
using Plait.Tasks;

namespace Plait.Tabular;

/// <summary>What one pass over a column finds out, in memory that does not grow with the rows.</summary>
internal sealed class ColumnProfile : ITargetTexts, IColumnProfile
{
    private readonly int limit;
    private readonly Dictionary<string, int> lines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private double smallest = double.PositiveInfinity;
    private double largest = double.NegativeInfinity;

    /// <summary>Starts a profile.</summary>
    /// <param name="limit">How many different values to remember.</param>
    public ColumnProfile(int limit)
    {
        this.limit = limit;
        lookup = lines.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <inheritdoc/>
    public ColumnProfile Texts => this;

    /// <inheritdoc/>
    public (string? Separator, ColumnProfile Classes) Classes => (null, this);

    public long Present { get; private set; }

    public long Missing { get; private set; }

    public long Numbers { get; private set; }

    public bool IsWhole { get; private set; } = true;

    /// <summary>The first text that is no number, and its line.</summary>
    public (string Text, int Line)? FirstText { get; private set; }

    /// <summary>The first number that is infinite or too large, and its line.</summary>
    public (string Text, int Line)? FirstInfinite { get; private set; }

    /// <summary>Whether there are more different values than were to be remembered.</summary>
    public bool Overflows { get; private set; }

    /// <summary>Whether some text that is remembered was met again.</summary>
    public bool Repeats { get; private set; }

    /// <summary>The different values, with the line on which each was first met, in that order.</summary>
    public IReadOnlyDictionary<string, int> Values => lines;

    public bool IsNumeric => FirstText is null;

    /// <summary>Whether all present values are one and the same.</summary>
    public bool IsConstant => !Overflows && (lines.Count == 1 || (IsNumeric && smallest == largest));

    public void ObserveMissing() => Missing++;

    public void Observe(ReadOnlySpan<char> field, int line)
    {
        Present++;
        if (Number.TryParse(field, out var number))
        {
            ObserveNumber(field, number, line);
        }
        else
        {
            FirstText ??= (field.ToString(), line);
        }

        if (Overflows)
        {
            Repeats |= !Repeats && !IsNumeric && lookup.ContainsKey(field);
        }
        else if (lookup.ContainsKey(field))
        {
            Repeats = true;
        }
        else if (lines.Count == limit)
        {
            Overflows = true;
        }
        else
        {
            lines.Add(field.ToString(), line);
        }
    }

    /// <summary>The different values: numbers by value, texts in ordinal order.</summary>
    public string[] Sorted()
    {
        string[] values = [.. lines.Keys];
        Array.Sort(values, IsNumeric ? ByValue : string.CompareOrdinal);
        return values;
    }

    /// <inheritdoc/>
    public double? NumberOf(string text) => Number.TryParse(text, out var number) ? number : null;

    /// <inheritdoc/>
    public string Quote(string text) => TableException.Quote(text);

    private static int ByValue(string left, string right)
    {
        _ = Number.TryParse(left, out var a);
        _ = Number.TryParse(right, out var b);
        return a == b ? string.CompareOrdinal(left, right) : a.CompareTo(b);
    }

    private void ObserveNumber(ReadOnlySpan<char> field, double number, int line)
    {
        Numbers++;
        if (double.IsInfinity(number))
        {
            FirstInfinite ??= (field.ToString(), line);
        }

        IsWhole &= number == Math.Floor(number);
        smallest = Math.Min(smallest, number);
        largest = Math.Max(largest, number);
    }
}
