using System.Globalization;

namespace Plait.Cli.Arguments;

/// <summary>A time as people write it: 30 (seconds), 30s, 5m, 1.5h, 00:00:30.</summary>
/// <param name="Time">The time.</param>
internal readonly record struct Duration(TimeSpan Time)
{
    /// <summary>The longest time that is taken.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(30);

    /// <summary>Reads a time above 0.</summary>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse(string text, out Duration duration)
    {
        var isRead = TryParse(text, out TimeSpan time);
        duration = new Duration(time);
        return isRead;
    }

    /// <summary>Writes it as people do: in the largest unit of which it is a whole number, seconds where there is none.</summary>
    public override string ToString() =>
        IsWhole(Time.TotalHours) ? Text(Time.TotalHours, 'h')
        : IsWhole(Time.TotalMinutes) ? Text(Time.TotalMinutes, 'm')
        : Text(Time.TotalSeconds, 's');

    private static bool IsWhole(double number) => double.IsInteger(number) && number > 0;

    private static string Text(double number, char unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");

    private static bool TryParse(string text, out TimeSpan time)
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
