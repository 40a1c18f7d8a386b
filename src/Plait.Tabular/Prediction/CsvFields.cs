using System.Buffers;
using System.Globalization;

namespace Plait.Tabular;

/// <summary>Writes fields and rows of CSV: commas, quotes where they are needed, numbers that read back to the same bits.</summary>
internal sealed class CsvFields(TextWriter writer)
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    private const int LongestNumber = 32; // of doubles, which take 24 at most

    private bool isFirst = true;

    public void Add(float number) => AddNumber(number);

    public void Add(double number) => AddNumber(number);

    private void AddNumber<T>(T number)
        where T : ISpanFormattable
    {
        Span<char> text = stackalloc char[LongestNumber];
        _ = number.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        Separate();
        writer.Write(text[..length]);
    }

    public void Add(string text)
    {
        Separate();
        if (Bare(text))
        {
            writer.Write(text);
            return;
        }

        writer.Write('"');
        writer.Write(text.Replace("\"", "\"\"", StringComparison.Ordinal));
        writer.Write('"');
    }

    public void EndRow()
    {
        writer.Write('\n');
        isFirst = true;
    }

    /// <summary>An empty text is quoted too, so that a row of it alone is no blank line.</summary>
    private static bool Bare(string text) =>
        text.Length > 0
        && !char.IsWhiteSpace(text[0])
        && !char.IsWhiteSpace(text[^1])
        && text.AsSpan().IndexOfAny(NeedsQuotes) < 0;

    private void Separate()
    {
        if (!isFirst)
        {
            writer.Write(',');
        }

        isFirst = false;
    }
}
