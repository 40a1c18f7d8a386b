using System.Globalization;
using Plait.Relationships;
using Plait.Torch;

namespace Plait.Cli.Relationships;

/// <summary>A matrix of affinities as CSV, which <c>plait group --affinity</c> reads.</summary>
internal static class AffinityFile
{
    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string file, AffinityMatrix affinity)
    {
        using var writer = new StringWriter();
        writer.WriteLine($"task,{string.Join(',', affinity.Tasks.Select(Quote))}");
        for (var row = 0; row < affinity.Count; row++)
        {
            var values = Enumerable.Range(0, affinity.Count).Select(column => affinity[row, column]);
            writer.WriteLine(
                $"{Quote(affinity.Tasks[row])},{string.Join(',', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}"
            );
        }

        AtomicFile.WriteText(file, writer.ToString());
    }

    private static string Quote(string name) =>
        name.IndexOfAny([',', '"', '\n', '\r', ';']) < 0 ? name : $"\"{name.Replace("\"", "\"\"")}\"";
}
