using System.Text;
using System.Text.Json;

namespace Plait.Cli.Aggregation;

/// <summary>Rows of numbers, all of one length, out of JSON.</summary>
internal sealed class NumberRows
{
    private const int LongestQuote = 24;

    private readonly string name;
    private readonly bool isMatrix;
    private int count;
    private (int Row, int Column, string Text)? unbounded;

    private NumberRows(string name, bool isMatrix) => (this.name, this.isMatrix) = (name, isMatrix);

    /// <summary>The numbers, row by row; there may be room behind them.</summary>
    public double[] Values { get; private set; } = new double[64];

    public int Rows { get; private set; }

    /// <summary>Numbers of one row.</summary>
    public int Width { get; private set; }

    /// <summary>Reads a list of lists.</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="line">What the reader reads.</param>
    /// <param name="reader">Stands at the value.</param>
    /// <exception cref="FormatException">It is something else, or its rows differ in length.</exception>
    public static NumberRows ReadRows(string name, ReadOnlySpan<byte> line, ref Utf8JsonReader reader)
    {
        var rows = new NumberRows(name, isMatrix: true);
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new FormatException($"\"{name}\" is a list of rows, such as [[1, 2], [3, 4]].");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            rows.AddRow(line, ref reader);
        }

        return rows;
    }

    /// <summary>Reads a list, as the only row.</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="line">What the reader reads.</param>
    /// <param name="reader">Stands at the value.</param>
    /// <exception cref="FormatException">It is something else.</exception>
    public static NumberRows ReadRow(string name, ReadOnlySpan<byte> line, ref Utf8JsonReader reader)
    {
        var rows = new NumberRows(name, isMatrix: false);
        rows.AddRow(line, ref reader);
        return rows;
    }

    /// <summary>Refuses numbers that are not finite.</summary>
    /// <param name="message">Says what is wrong where the first of them stands.</param>
    /// <exception cref="FormatException">There is one.</exception>
    public void RequireFinite(Func<(int Row, int Column), string> message)
    {
        if (unbounded is { } bad)
        {
            throw new FormatException($"{message((bad.Row, bad.Column))}: {Place(bad.Row, bad.Column)} is {bad.Text}.");
        }
    }

    private void AddRow(ReadOnlySpan<byte> line, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new FormatException(
                $"{(isMatrix ? $"{name}[{Rows}]" : $"\"{name}\"")} is no list; write numbers in brackets, such as [1, 2]."
            );
        }

        var start = count;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Add(Number(line, ref reader, count - start));
        }

        if (Rows > 0 && count - start != Width)
        {
            throw new FormatException(
                $"{name}[{Rows}] has the length {count - start} and {name}[0] the length {Width}; all rows have one length."
            );
        }

        Width = count - start;
        Rows++;
    }

    private double Number(ReadOnlySpan<byte> line, ref Utf8JsonReader reader, int column)
    {
        var text = line[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];
        if (reader.TokenType == JsonTokenType.Number)
        {
            var value = reader.GetDouble();
            if (!double.IsFinite(value))
            {
                unbounded ??= (Rows, column, $"{Quote(text)}, too large for double precision");
            }

            return value;
        }

        if (reader.TokenType == JsonTokenType.String && IsUnbounded(reader.GetString()!))
        {
            unbounded ??= (Rows, column, Quote(text));
            return double.NaN;
        }

        throw new FormatException($"{Place(Rows, column)} is {Quote(text)}; a number was expected.");
    }

    private void Add(double value)
    {
        if (count == Values.Length)
        {
            var values = Values;
            Array.Resize(ref values, (int)Math.Min(2L * count, Array.MaxLength));
            Values = values;
        }

        Values[count++] = value;
    }

    private string Place(int row, int column) => isMatrix ? $"{name}[{row}][{column}]" : $"{name}[{column}]";

    private static bool IsUnbounded(string text) =>
        text.Trim().TrimStart('+', '-').ToUpperInvariant() is "NAN" or "INF" or "INFINITY";

    private static string Quote(ReadOnlySpan<byte> text)
    {
        var quote = Encoding.UTF8.GetString(text[..Math.Min(text.Length, LongestQuote)]);
        return text.Length > LongestQuote ? $"{quote}…" : quote;
    }
}
