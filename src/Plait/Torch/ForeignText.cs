namespace Plait.Torch;

/// <summary>Text that came out of a file, as it may stand in an error of one line.</summary>
internal static class ForeignText
{
    private const int Longest = 200;

    /// <summary>The text without control characters, cut where it is long.</summary>
    public static string Printable(string text)
    {
        var line = string.Concat(text.Take(Longest).Select(one => char.IsControl(one) ? '?' : one));
        return text.Length > Longest ? line + "..." : line;
    }
}
