using Plait.Benchmarks.Vision;
using Plait.Cli.Arguments;

namespace Plait.Cli.Clustering;

/// <summary>Classes that clusters of images are compared with.</summary>
internal static class ImageClasses
{
    /// <summary>What says that the folder of an image is its class.</summary>
    public const string Folders = "folders";

    /// <summary>Reads them.</summary>
    /// <param name="source">"folders", an NPY or IDX file of whole numbers, or a text file with one class a line.</param>
    /// <param name="images">The images' names, in their order.</param>
    /// <returns>For each image the number of its class, from 0.</returns>
    /// <exception cref="CommandFailure">There is no such file, or not one class an image.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static int[] Read(string source, IReadOnlyList<string> images)
    {
        if (source != Folders)
        {
            InputFile.Require(source, "classes");
        }

        string[] classes =
            source == Folders ? [.. images.Select(FolderOf)]
            : IsText(source) ? [.. File.ReadLines(source).Select(line => line.Trim())]
            : [.. ImageCollection.ReadClasses(source).Select(number => $"{number}")];
        if (classes.Length != images.Count)
        {
            throw new CommandFailure($"--labels {source}: {classes.Length} classes for {images.Count} images.");
        }

        var numbers = classes.Distinct(StringComparer.Ordinal).Index().ToDictionary(one => one.Item, one => one.Index);
        return Array.ConvertAll(classes, one => numbers[one]);
    }

    private static bool IsText(string path) =>
        Path.GetExtension(path).ToLowerInvariant() is ".txt" or ".csv" or ".labels";

    private static string FolderOf(string image) =>
        image.LastIndexOf('/') is >= 0 and var end
            ? image[..end]
            : throw new CommandFailure(
                $"--labels {Folders}: image '{image}' is in no folder of a class; put each in one, or give a file."
            );
}
