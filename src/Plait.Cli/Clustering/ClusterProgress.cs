using System.Globalization;
using Plait.Clustering;
using Spectre.Console;

namespace Plait.Cli.Clustering;

/// <summary>Says how far a clustering is: a line for each part, and what its epochs come to, where somebody looks.</summary>
/// <param name="console">Where; null shows nothing.</param>
internal sealed class ClusterProgress(IAnsiConsole? console) : IProgress<ScanProgress>, IProgress<(int Read, int All)>
{
    private const int ImagesOfLine = 1000;

    /// <inheritdoc/>
    public void Report(ScanProgress value)
    {
        console?.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{NameOf(value.Phase)}: epoch {value.Epoch + 1} of {value.Epochs}, loss {value.Loss:0.0000}"
            )
        );
    }

    /// <inheritdoc/>
    public void Report((int Read, int All) value)
    {
        if (value.Read == value.All || value.Read % ImagesOfLine == 0)
        {
            console?.WriteLine($"read {value.Read} of {value.All} images");
        }
    }

    private static string NameOf(ScanPhase phase) =>
        phase switch
        {
            ScanPhase.Pretext => "pretext",
            ScanPhase.Clustering => "clustering",
            _ => "self-labelling",
        };
}
