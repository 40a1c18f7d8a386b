using System.Globalization;

namespace Plait.Demonstrations;

/// <summary>The recorded numbers of a demonstration: a line for each seed, setting and measure.</summary>
internal static class ResultFile
{
    /// <summary>The first line.</summary>
    public const string Header = "seed,setting,measure,value";

    /// <summary>Writes a file.</summary>
    public static void Write(string path, IEnumerable<(int Seed, Observation Observation)> results) =>
        File.WriteAllLines(
            path,
            [
                Header,
                .. results.Select(result =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{result.Seed},{Quoted(result.Observation.Setting)},{Quoted(result.Observation.Measure)},{result.Observation.Value:G6}"
                    )
                ),
            ]
        );

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
