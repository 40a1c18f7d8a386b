using Plait.Jobs;
using Plait.Torch;

namespace Plait.Tabular;

/// <summary>A table that cannot be used as it is: says which file, line and column, what stands there and how to put it right, in one line.</summary>
public sealed class TableException : Exception, IExplainedFailure
{
    private const int LongestQuote = 40;

    /// <summary>Says what is wrong.</summary>
    public TableException(string message)
        : base(message) { }

    /// <summary>Says what is wrong, and what it came from.</summary>
    public TableException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>An empty message; use the others.</summary>
    public TableException() { }

    /// <summary>The file's name, or what the caller calls the input.</summary>
    public string? File { get; private init; }

    /// <summary>The line, counted from 1 as an editor does; null when the whole file is meant.</summary>
    public int? Line { get; private init; }

    /// <summary>The column's name; null when the whole line or file is meant.</summary>
    public string? Column { get; private init; }

    /// <summary>
    /// Whether what was asked for is wrong, and not the table: a target of no known kind, one that is named twice, or a column that
    /// an option names and the table does not have.
    /// </summary>
    public bool IsRequest { get; private init; }

    /// <summary>What was asked for is wrong.</summary>
    internal static TableException OfRequest(string message) => new(message) { IsRequest = true };

    /// <summary>An error with its place before the message.</summary>
    internal static TableException At(
        string file,
        int? line,
        string? column,
        string message,
        Exception? innerException = null,
        bool isRequest = false
    )
    {
        var place = OneLine(file);
        place += line is null ? "" : $", line {line}";
        place += column is null ? "" : $", column {Quote(column)}";
        return new TableException($"{place}: {message}", innerException!)
        {
            File = file,
            Line = line,
            Column = column,
            IsRequest = isRequest,
        };
    }

    /// <summary>What the user wrote, in quotes, on one line and not too long.</summary>
    internal static string Quote(ReadOnlySpan<char> text) =>
        text.Length > LongestQuote ? $"'{OneLine(text[..LongestQuote])}…'" : $"'{OneLine(text)}'";

    private static string OneLine(ReadOnlySpan<char> text)
    {
        var line = text.ToString();
        return ForeignText.Visible(
            line.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
        );
    }
}
