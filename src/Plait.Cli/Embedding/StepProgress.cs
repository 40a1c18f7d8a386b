using System.Globalization;
using Spectre.Console;

namespace Plait.Cli.Embedding;

/// <summary>Says how far a training is: a line for each tenth of its steps, where somebody looks.</summary>
/// <param name="console">Where; null shows nothing.</param>
/// <param name="steps">How many steps there are.</param>
/// <param name="what">What is reported of each.</param>
internal sealed class StepProgress(IAnsiConsole? console, int steps, string what) : IProgress<double>
{
    private const int Lines = 10;

    private int done;
    private double sum;
    private int summed;

    /// <inheritdoc/>
    public void Report(double value)
    {
        done++;
        summed++;
        sum += value;
        if (done * Lines / steps == (done - 1) * Lines / steps)
        {
            return;
        }

        console?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"step {done} of {steps}, {what} {sum / summed:0.0000}")
        );
        (sum, summed) = (0, 0);
    }
}
