using Plait.Benchmarks.Vision;

namespace Plait.Cli.Clustering;

/// <summary>What somebody should know of a clustering that went well.</summary>
internal static class ClusterNotes
{
    /// <summary>What of a folder is not among its images.</summary>
    public static IEnumerable<string> On(ImageCollection images)
    {
        if (images.OtherFiles > 0)
        {
            yield return images.OtherFiles == 1
                ? "1 other file was passed over; images are PNG and JPEG files."
                : $"{images.OtherFiles} other files were passed over; images are PNG and JPEG files.";
        }

        if (images.FolderLinks > 0)
        {
            yield return images.FolderLinks == 1
                ? "1 link to a folder was not followed; give the folder itself, or put its images here."
                : $"{images.FolderLinks} links to folders were not followed; give one folder itself, or put the images here.";
        }
    }

    /// <summary>That clusters are empty; null where none is.</summary>
    /// <param name="sizes">Images in each cluster.</param>
    public static string? On(IReadOnlyList<int> sizes)
    {
        const string Remedy = "try another --seed, more epochs or fewer --clusters.";
        int[] empty = [.. sizes.Index().Where(one => one.Item == 0).Select(one => one.Index)];
        return empty.Length == 0 ? null
            : empty.Length == sizes.Count - 1 ? $"All images came into one cluster of {sizes.Count}; {Remedy}"
            : $"{empty.Length} of {sizes.Count} clusters {(empty.Length == 1 ? "is" : "are")} empty: {string.Join(", ", empty)}; {Remedy}";
    }
}
