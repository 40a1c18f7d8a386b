using System.Buffers;
using System.Globalization;
using Plait.Tasks;

namespace Plait.Tabular.Predictions;

/// <summary>Writes fields and rows of CSV: commas, quotes where they are needed, numbers that read back to the same bits.</summary>
/// <param name="writer">Where to.</param>
/// <param name="spreadsheetSafe">Whether texts that a spreadsheet would run as a formula get an apostrophe in front.</param>
internal sealed class CsvFields(TextWriter writer, bool spreadsheetSafe = false) : IPredictionCells
{
    private const int LongestNumber = 32; // of doubles, which take 24 at most

    private const NumberStyles PlainNumber =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    /// <summary>Where comma is the decimal mark, spreadsheets divide fields at semicolons.</summary>
    private static readonly SearchValues<char> NeedsQuotesInSpreadsheets = SearchValues.Create(",;\t\"\r\n");

    /// <summary>What formulas begin with, the wide forms of East Asian keyboards too, and what is passed over before it.</summary>
    private static readonly SearchValues<char> BeginsFormula = SearchValues.Create("=+-@\t\r\n＝＋－＠");

    private readonly SearchValues<char> needsQuotes = spreadsheetSafe ? NeedsQuotesInSpreadsheets : NeedsQuotes;
    private bool isFirst = true;

    public void Add(float number) => AddNumber(number);

    public void Add(double number) => AddNumber(number);

    public void Add(string text)
    {
        Separate();
        if (spreadsheetSafe && IsFormula(text))
        {
            text = $"'{text}";
        }

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

    private static bool IsFormula(string text) => text.Length > 0 && BeginsFormula.Contains(text[0]) && !IsNumber(text);

    private static bool IsNumber(string text) =>
        double.TryParse(text, PlainNumber, CultureInfo.InvariantCulture, out _) && char.IsAsciiDigit(text[^1]);

    /// <summary>An empty text is quoted too, so that a row of it alone is no blank line.</summary>
    private bool Bare(string text) =>
        text.Length > 0
        && !char.IsWhiteSpace(text[0])
        && !char.IsWhiteSpace(text[^1])
        && text.AsSpan().IndexOfAny(needsQuotes) < 0;

    private void AddNumber<T>(T number)
        where T : ISpanFormattable
    {
        Span<char> text = stackalloc char[LongestNumber];
        _ = number.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        Separate();
        writer.Write(text[..length]);
    }

    private void Separate()
    {
        if (!isFirst)
        {
            writer.Write(',');
        }

        isFirst = false;
    }
}
