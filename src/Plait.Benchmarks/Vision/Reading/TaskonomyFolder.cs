using System.Text.RegularExpressions;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>Finds Taskonomy's files: those of one view of a building in the folders of several domains.</summary>
/// <remarks>
/// The publisher's archives lie in {domain}/{building}, those of the Omnidata tool in {domain}/taskonomy/{building}; both are found,
/// domain by domain and building by building. A view that one of the domains lacks is left out: of millions of files some are always missing.
/// </remarks>
internal sealed partial class TaskonomyFolder
{
    private const string Component = "taskonomy"; // what the Omnidata tool puts between
    private const string Ending = ".png";

    private readonly Dictionary<string, Dictionary<string, string>> places = []; // domain, then building/point/view
    private readonly List<string> rows = [];

    /// <summary>Looks through a folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="image">The domain of the images, whose views are the rows.</param>
    /// <param name="others">The domains that each view needs too.</param>
    /// <exception cref="DirectoryNotFoundException">A domain has no folder.</exception>
    /// <exception cref="FileNotFoundException">No view has a file in each of them.</exception>
    /// <exception cref="InvalidDataException">A file is not named as Taskonomy's are, or there is none.</exception>
    public TaskonomyFolder(string directory, string image, IEnumerable<string> others)
    {
        string[] domains = [image, .. others.Where(domain => domain != image).Distinct()];
        foreach (var domain in domains)
        {
            places[domain] = Views(directory, domain);
        }

        string? firstMissing = null;
        foreach (var row in places[image].Keys.Order(StringComparer.Ordinal))
        {
            if (Array.Find(domains, domain => !places[domain].ContainsKey(row)) is not { } lacking)
            {
                rows.Add(row);
                continue;
            }

            Skipped++;
            firstMissing ??= $"'{Path.Combine(directory, lacking)}' has no file for building, point and view {row}";
        }

        FirstMissing = firstMissing;
        if (rows.Count == 0)
        {
            throw new FileNotFoundException(
                $"No view has a file in each of {string.Join(", ", domains)}: {FirstMissing}, though '{image}' has one."
            );
        }
    }

    /// <summary>The views that have all their files, as building/point/view, in order.</summary>
    public IReadOnlyList<string> Rows => rows;

    /// <summary>How many views lack one, and are left out.</summary>
    public long Skipped { get; }

    /// <summary>The first file that is missing; null where none is.</summary>
    public string? FirstMissing { get; }

    /// <summary>Where a view's file of a domain is.</summary>
    public string PathOf(string domain, string row) => places[domain][row];

    /// <summary>Where the file of another domain is that belongs to a file.</summary>
    public string PathBeside(string domain, string path) =>
        places[domain][KeyOf(Path.GetFileName(Path.GetDirectoryName(path)!), path)!];

    /// <summary>The building of a view.</summary>
    public static string BuildingOf(string row) => row[..row.IndexOf('/', StringComparison.Ordinal)];

    private static Dictionary<string, string> Views(string directory, string domain)
    {
        var folder = Path.Combine(directory, domain);
        string[] buildings = FolderFiles.Folders(folder);
        var within = Path.Combine(folder, Component);
        var views = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var building in buildings
                .Where(name => name != Component)
                .Select(name => Path.Combine(folder, name))
                .Concat(
                    Directory.Exists(within) ? FolderFiles.Folders(within).Select(one => Path.Combine(within, one)) : []
                )
        )
        {
            foreach (var path in Directory.EnumerateFiles(building, "*" + Ending).Order(StringComparer.Ordinal))
            {
                var key =
                    KeyOf(Path.GetFileName(building), path)
                    ?? throw new InvalidDataException(
                        $"'{path}' is not named as Taskonomy's files are; expected point_0_view_0_domain_{domain}{Ending}."
                    );
                views.TryAdd(key, path);
            }
        }

        return views.Count > 0
            ? views
            : throw new InvalidDataException($"'{folder}' has no {Ending} file in its folders of buildings.");
    }

    private static string? KeyOf(string building, string path) =>
        View().Match(Path.GetFileNameWithoutExtension(path)) is { Success: true } match
            ? $"{building}/{match.Groups[1].Value}/{match.Groups[2].Value}"
            : null;

    [GeneratedRegex(@"^point_(\d+)_view_(\d+)_domain_\w+$", RegexOptions.CultureInvariant)]
    private static partial Regex View();
}
