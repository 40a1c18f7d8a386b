using System.Globalization;
using System.Text;

namespace Plait.Torch;

/// <summary>Text that came out of a file, made fit to be shown: it can neither steer a terminal nor change the order of what stands beside it.</summary>
public static class ForeignText
{
    private const int Longest = 200;

    /// <summary>Whether a character does something instead of being seen: the control characters, and those that break lines or turn their direction.</summary>
    /// <remarks>Line feed and tab are control characters too; who lays text out lets them pass.</remarks>
    public static bool IsControl(char character) =>
        char.IsControl(character)
        || character
            is '\u061C' // Arabic letter mark
                or '\u200E'
                or '\u200F' // left-to-right and right-to-left mark
                or '\u2028'
                or '\u2029' // line and paragraph separator
                or (>= '\u202A' and <= '\u202E') // embeddings and overrides of direction
                or (>= '\u2066' and <= '\u2069'); // isolates

    /// <summary>Whether nothing but line breaks and tabs is to be made visible.</summary>
    public static bool IsVisible(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (IsControl(text[i]) && !Lays(text, i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text with a code, such as <c>\u001B</c>, for each control character but line breaks and tabs.</summary>
    /// <remarks>JSON stays what it is: such characters stand inside strings only, where the code means the same.</remarks>
    public static string Visible(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsVisible(text))
        {
            return text;
        }

        var visible = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (IsControl(text[i]) && !Lays(text, i))
            {
                visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}");
            }
            else
            {
                visible.Append(text[i]);
            }
        }

        return visible.ToString();
    }

    /// <summary>The text on one line, with codes for control characters, cut where it is long.</summary>
    public static string Printable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var line = Visible(text.Length > Longest ? text[..Longest] : text)
            .Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace('\t', ' ');
        return text.Length > Longest ? line + "..." : line;
    }

    /// <summary>A line feed, with or without a carriage return before it, or a tab.</summary>
    private static bool Lays(ReadOnlySpan<char> text, int at) =>
        text[at] is '\n' or '\t' || (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n');
}
