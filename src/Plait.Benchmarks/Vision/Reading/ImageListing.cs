using System.IO.Enumeration;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>What a folder, with the folders in it, holds of images.</summary>
/// <param name="Images">Their paths in the folder, with / between parts, in the order of names.</param>
/// <param name="OtherFiles">How many files are no images by their names; those that macOS leaves beside others do not count.</param>
/// <param name="FolderLinks">How many links to folders there are; they are not followed, since they may lead back.</param>
internal sealed record ImageListing(IReadOnlyList<string> Images, int OtherFiles, int FolderLinks)
{
    private const string BesideOfMac = "._"; // attributes of the file of the same name without it

    /// <summary>What the names of images end with.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".png", ".jpg", ".jpeg"];

    /// <summary>Lists a folder.</summary>
    public static ImageListing Of(string folder)
    {
        var (others, links) = (0, 0);
        var entries = new FileSystemEnumerable<FileSystemInfo>(
            folder,
            (ref FileSystemEntry entry) => entry.ToFileSystemInfo(),
            new EnumerationOptions
            {
                RecurseSubdirectories = true,
                AttributesToSkip = FileAttributes.None,
                IgnoreInaccessible = false,
            }
        )
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => entry.ToFileSystemInfo().LinkTarget is null,
        };
        var images = new List<string>();
        foreach (var entry in entries)
        {
            if (entry is DirectoryInfo)
            {
                links += entry.LinkTarget is null ? 0 : 1;
            }
            else if (!entry.Name.StartsWith(BesideOfMac, StringComparison.Ordinal))
            {
                if (Endings.Contains(entry.Extension, StringComparer.OrdinalIgnoreCase))
                {
                    images.Add(Path.GetRelativePath(folder, entry.FullName).Replace(Path.DirectorySeparatorChar, '/'));
                }
                else
                {
                    others++;
                }
            }
        }

        images.Sort(StringComparer.Ordinal);
        return new(images, others, links);
    }
}
