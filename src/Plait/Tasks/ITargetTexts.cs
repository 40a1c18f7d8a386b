namespace Plait.Tasks;

/// <summary>What one pass over a column that is to be learned has found out.</summary>
public interface ITargetTexts
{
    /// <summary>Rows that have a text.</summary>
    long Present { get; }

    /// <summary>How many of them are numbers.</summary>
    long Numbers { get; }

    /// <summary>The different texts, with the line on which each was first met, in that order; not all where <see cref="Overflows"/>.</summary>
    IReadOnlyDictionary<string, int> Values { get; }

    /// <summary>Whether there are more different texts than were remembered.</summary>
    bool Overflows { get; }

    /// <summary>Whether all texts are numbers.</summary>
    bool IsNumeric { get; }

    /// <summary>Whether all numbers are whole.</summary>
    bool IsWhole { get; }

    /// <summary>The first text that is no number, and its line.</summary>
    (string Text, int Line)? FirstText { get; }

    /// <summary>The first number that is infinite or too large, and its line.</summary>
    (string Text, int Line)? FirstInfinite { get; }

    /// <summary>The different texts: numbers by value, others in ordinal order.</summary>
    string[] Sorted();

    /// <summary>The number that a text is; null when it is none.</summary>
    double? NumberOf(string text);

    /// <summary>A text as errors show it, in quotes.</summary>
    string Quote(string text);
}

/// <summary>A column that is not of the kind that was asked for.</summary>
/// <param name="line">The line at fault, counted from 1; null when the whole column is.</param>
/// <param name="message">What is wrong, and the remedy, without the column's name.</param>
/// <param name="isRequest">Whether what was asked for is wrong whatever the column holds.</param>
public sealed class TargetTextException(int? line, string message, bool isRequest = false) : Exception(message)
{
    /// <summary>The line at fault, counted from 1; null when the whole column is.</summary>
    public int? Line => line;

    /// <summary>Whether what was asked for is wrong whatever the column holds.</summary>
    public bool IsRequest => isRequest;
}
