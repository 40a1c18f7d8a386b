using System.Globalization;
using System.Text;
using System.Text.Json;
using Plait.Clustering;
using Plait.Torch;

namespace Plait.Cli.Clustering;

/// <summary>What a clustering came to.</summary>
/// <param name="Images">How many images.</param>
/// <param name="Clusters">How many clusters were asked for.</param>
/// <param name="Sizes">Images in each.</param>
/// <param name="Accuracy">The share of images whose cluster is the one that their class is given; null without classes.</param>
/// <param name="Majority">The share of the largest class; null without classes.</param>
/// <param name="Seconds">How long learning took.</param>
/// <param name="File">The answer's file.</param>
internal sealed record ClusterAnswer(
    int Images,
    int Clusters,
    IReadOnlyList<int> Sizes,
    double? Accuracy,
    double? Majority,
    double Seconds,
    string File
)
{
    /// <summary>Counts, and compares with classes where there are some.</summary>
    public static ClusterAnswer Of(int[] clusters, int count, int[]? classes, TimeSpan time, string file) =>
        new(
            clusters.Length,
            count,
            [.. Enumerable.Range(0, count).Select(cluster => clusters.Count(own => own == cluster))],
            classes is null ? null : ClusteringAccuracy.Of(clusters, classes),
            classes is null ? null : (double)classes.CountBy(one => one).Max(one => one.Value) / classes.Length,
            time.TotalSeconds,
            file
        );

    /// <summary>Writes the cluster of each image, and how sure it is.</summary>
    public static void WriteTable(string file, IReadOnlyList<string> names, int[] clusters, float[] sure)
    {
        var text = new StringBuilder("image,cluster,probability\n");
        for (var i = 0; i < clusters.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Quote(names[i])},{clusters[i]},{sure[i]:0.0000}\n");
        }

        AtomicFile.WriteText(file, text.ToString());
    }

    /// <summary>Prints it.</summary>
    public void Show(TextWriter output, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(this, JsonSerializerOptions.Web));
            return;
        }

        output.WriteLine($"Images:   {Images} in {Clusters} clusters of {string.Join(", ", Sizes)}");
        if (Accuracy is { } accuracy && Majority is { } majority)
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Accuracy: {accuracy:P1} of the images, each class given one cluster; {majority:P1} are of the largest class"
                )
            );
        }

        output.WriteLine($"Answer:   {File}");
    }

    private static string Quote(string name) =>
        name.IndexOfAny([',', '"', '\n', '\r', ';']) < 0 ? name : $"\"{name.Replace("\"", "\"\"")}\"";
}
