using System.Globalization;

namespace Plait.Cli.Arguments;

/// <summary>Numbers as the command line has them: one, or several with commas between.</summary>
internal static class NumberList
{
    /// <param name="option">The option's name, for errors.</param>
    /// <param name="text">What was given for it.</param>
    /// <param name="expected">What it takes, for errors.</param>
    /// <param name="isRight">Whether a finite number is one that the option takes.</param>
    /// <exception cref="CommandFailure">A part is not such a number.</exception>
    public static double[] Parse(string option, string text, string expected, Predicate<double> isRight)
    {
        double[] numbers = [.. text.Split(',').Select(Number)];
        return Array.TrueForAll(numbers, number => double.IsFinite(number) && isRight(number))
            ? numbers
            : throw new CommandFailure($"{option} is {expected}; got '{text}'.", ExitCode.Usage);
    }

    private static double Number(string part) =>
        double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
