using System.Text;
using ICSharpCode.SharpZipLib;
using Plait.Tabular.Csv;
using Sylvan.Data.Csv;

namespace Plait.Tabular;

/// <summary>The rows of a CSV file one after the other, with the line on which each begins.</summary>
/// <remarks>
/// Fields lose the blanks around them. Blank lines are passed over; a missing value in a table of one column is therefore
/// written as <c>""</c> or <c>NA</c>. The header is the first line that is not blank.
/// </remarks>
internal sealed class CsvRows : IDisposable
{
    private const int FirstBuffer = 1 << 16;
    private const int LargestRow = 1 << 24;

    private readonly CsvDataReader reader;
    private int nextLine = 1;

    private CsvRows(string name, TextReader text, char? delimiter)
    {
        Name = name;
        try
        {
            delimiter ??= DelimiterSearch.Find(text, out text);
            reader = CsvDataReader.Create(
                text,
                new CsvDataReaderOptions
                {
                    HasHeaders = false,
                    Delimiter = delimiter,
                    Comment = '\0', // a row that begins with # is a row
                    ResultSetMode = ResultSetMode.SingleResult,
                    BufferSize = FirstBuffer,
                    MaxBufferSize = LargestRow,
                }
            );
        }
        catch (Exception e) when (Explain(e) is { } explained)
        {
            text.Dispose();
            throw explained;
        }

        try
        {
            Header = ReadHeader();
        }
        catch (TableException)
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>The file's path, or what the caller calls the input.</summary>
    public string Name { get; }

    /// <summary>The columns' names, in the file's order; a column without a name is an empty text.</summary>
    public string[] Header { get; }

    /// <summary>The line, from 1, on which the current row begins.</summary>
    public int Line { get; private set; }

    /// <summary>A field of the current row, without the blanks around it.</summary>
    public ReadOnlySpan<char> this[int field] => reader.GetFieldSpan(field).Trim();

    /// <summary>A field of the current row as it stands.</summary>
    public string Text(int field) => reader.GetFieldSpan(field).ToString();

    public static CsvRows Open(string path, char? delimiter) => new(path, TableFile.Open(path), delimiter);

    public static CsvRows Open(TextReader text, string name, char? delimiter)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(name, text, delimiter);
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="TableException">The row has too few or too many fields, or cannot be read.</exception>
    public bool Read()
    {
        while (Next())
        {
            if (IsBlank())
            {
                continue;
            }

            if (reader.RowFieldCount != Header.Length)
            {
                throw TableException.At(
                    Name,
                    Line,
                    null,
                    $"the row has {Fields(reader.RowFieldCount)} but the header has {Fields(Header.Length)}; add or remove fields, or put a field that contains the delimiter or a line break in double quotes."
                );
            }

            return true;
        }

        return false;
    }

    /// <summary>An error about a field of the current row.</summary>
    public TableException Error(int field, string message)
    {
        var line = Line;
        for (var before = 0; before < field; before++)
        {
            line += LineBreaks(reader.GetFieldSpan(before));
        }

        return TableException.At(Name, line, Header[field], message);
    }

    /// <summary>The place of a column.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="use">What it is wanted for, as in "the target".</param>
    /// <param name="isRequest">Whether the user asks for it, so that it is the user's word that is wrong where it is absent.</param>
    /// <exception cref="TableException">There is no such column.</exception>
    public int IndexOf(string column, string use, bool isRequest = false)
    {
        var index = Array.IndexOf(Header, column);
        return index >= 0 && column.Length > 0
            ? index
            : throw TableException.At(
                Name,
                null,
                column,
                $"{use} is not in the file; {NearestName.Hint(column, [.. Header.Where(name => name.Length > 0)])}",
                isRequest: isRequest
            );
    }

    public void Dispose() => reader.Dispose();

    private bool Next()
    {
        Line = nextLine;
        try
        {
            if (!reader.Read())
            {
                return false;
            }

            nextLine += LineBreaks(reader.GetRawRecordSpan());
            return true;
        }
        catch (Exception e) when (Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    private bool IsBlank() => reader.GetRawRecordSpan().IndexOfAnyExcept('\r', '\n', '\uFEFF') < 0;

    private string[] ReadHeader()
    {
        do
        {
            if (!Next())
            {
                throw TableException.At(
                    Name,
                    null,
                    null,
                    "the file is empty; the first line names the columns, and a row follows on each line."
                );
            }
        } while (IsBlank());

        var header = new string[reader.RowFieldCount];
        for (var field = 0; field < header.Length; field++)
        {
            header[field] = reader.GetFieldSpan(field).Trim().Trim('\uFEFF').Trim().ToString();
            if (header[field].Length > 0 && Array.IndexOf(header, header[field], 0, field) >= 0)
            {
                throw TableException.At(
                    Name,
                    Line,
                    header[field],
                    $"columns {Array.IndexOf(header, header[field]) + 1} and {field + 1} have the same name; rename one of them."
                );
            }
        }

        if (Array.TrueForAll(header, name => name.Length == 0 || Number.TryParse(name, out _)))
        {
            throw TableException.At(
                Name,
                Line,
                null,
                $"{TableException.Quote(string.Join(',', header))} looks like data where the columns' names are expected; add a first line that names the columns."
            );
        }

        return header;
    }

    private TableException? Explain(Exception e) =>
        e switch
        {
            CsvRecordTooLargeException => TableException.At(
                Name,
                nextLine,
                null,
                $"a row of more than {LargestRow} characters begins here; a double quote is probably opened and never closed.",
                e
            ),
            CsvFormatException => TableException.At(
                Name,
                nextLine,
                null,
                "the row that begins here has a double quote that is not closed, or text after a closing one; close it, and write a double quote inside a quoted field twice.",
                e
            ),
            DecoderFallbackException => TableException.At(
                Name,
                nextLine,
                null,
                "at or after this line the text is not UTF-8; save the file as UTF-8.",
                e
            ),
            InvalidDataException => TableException.At(Name, null, null, e.Message + ".", e),
            SharpZipBaseException or EndOfStreamException => TableException.At(
                Name,
                null,
                null,
                "the gzip file is damaged or cut short; copy or compress it again.",
                e
            ),
            UnauthorizedAccessException => TableException.At(
                Name,
                null,
                null,
                "the file may not be read; check its permissions.",
                e
            ),
            IOException => TableException.At(
                Name,
                null,
                null,
                $"the file cannot be read ({e.Message.TrimEnd('.')}).",
                e
            ),
            _ => null,
        };

    private static string Fields(int count) => count == 1 ? "1 field" : $"{count} fields";

    private static int LineBreaks(ReadOnlySpan<char> text)
    {
        var breaks = 0;
        for (int at; (at = text.IndexOfAny('\r', '\n')) >= 0; breaks++)
        {
            var isPair = text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n';
            text = text[(at + (isPair ? 2 : 1))..];
        }

        return breaks;
    }
}
