using System.Globalization;

namespace Plait.Cli;

/// <summary>A time as people write it: 30 (seconds), 30s, 5m, 1.5h, 00:00:30.</summary>
internal static class Duration
{
    /// <summary>The longest time that is taken.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(30);

    /// <summary>Reads a time above 0.</summary>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse(string text, out TimeSpan time)
    {
        if (TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out time) && text.Contains(':'))
        {
            return time > TimeSpan.Zero && time <= Longest;
        }

        var seconds =
            text is [.. _, 's'] ? 1
            : text is [.. _, 'm'] ? 60
            : text is [.. _, 'h'] ? 3600
            : 0;
        var isNumber = double.TryParse(
            seconds == 0 ? text : text[..^1],
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        );
        var total = number * Math.Max(seconds, 1);
        if (!isNumber || !(total <= Longest.TotalSeconds))
        {
            return false;
        }

        time = TimeSpan.FromSeconds(total);
        return time > TimeSpan.Zero;
    }
}
