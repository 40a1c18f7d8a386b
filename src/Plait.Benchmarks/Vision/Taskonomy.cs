using System.Text.RegularExpressions;
using Plait.Benchmarks.Vision.Reading;
using Plait.Data.Augmentation;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Benchmarks.Vision;

/// <summary>Rooms of real buildings: classes, depth, surface normals, edges and keypoints of each pixel.</summary>
/// <remarks>
/// Zamir et al. 2018; the five tasks of Standley et al. 2020. Any subset of buildings will do; a building is in one part only: by the
/// publisher's list where it is there, else by the seed. Images are shrunk to 256 x 256 pixels: areas averaged, classes and depth by
/// the nearest pixel. Class 0 ("uncertain"), a depth of 65,535 and a normal of middle grey are missing.
/// </remarks>
public sealed partial class Taskonomy : StoredBenchmark
{
    private const long DefaultSide = 256;
    private const int Classes = 17; // 1, background, to 17
    private const double UnitsOfMetre = 512;
    private const int NoDepth = ushort.MaxValue;
    private const double ShortestNormal = 0.5; // a stored unit vector is off by a few hundredths; middle grey stands for none
    private const string Ending = ".png";
    private const string Lists = "train_val_test_*.csv";

    private const double ValidationShare = 0.15; // and as many for the test
    private const int Parts = 3;

    private static readonly string[] Domains =
    [
        "rgb",
        "segment_semantic",
        "depth_zbuffer",
        "normal",
        "edge_texture",
        "keypoints2d",
    ];

    private readonly long side;

    /// <summary>Images of 256 x 256 pixels.</summary>
    public Taskonomy()
        : this(DefaultSide) { }

    internal Taskonomy(long side) => this.side = side;

    /// <inheritdoc/>
    public override string Name => "taskonomy";

    /// <inheritdoc/>
    public override string Title => "Taskonomy";

    /// <inheritdoc/>
    public override string Summary =>
        "Rooms of real buildings of 256 x 256 pixels: 17 classes, depth, normals, edges and keypoints.";

    /// <inheritdoc/>
    public override string Licence => "Taskonomy's terms: non-commercial research";

    /// <inheritdoc/>
    public override string Citation =>
        "Zamir, Sax, Shen, Guibas, Malik, Savarese 2018, Taskonomy: disentangling task transfer learning, CVPR (arXiv 1804.08328)";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(
            DenseTasks.Segmentation(Classes),
            DenseTasks.Depth(),
            DenseTasks.Normals(),
            DenseTasks.Strengths("edges"),
            DenseTasks.Strengths("keypoints")
        );

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("resnet18:output-stride=8,pool=false", BatchSize: 16, Epochs: 50, LearningRate: 1e-4, Patience: 10);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["buildings"];

    /// <inheritdoc/>
    public override IReadOnlyList<TargetGeometry> Geometry { get; } =
    [TargetGeometry.Labels, TargetGeometry.Depth, TargetGeometry.Normals, TargetGeometry.Labels, TargetGeometry.Labels];

    /// <inheritdoc/>
    public override ImageAugmentation? Augmentation => ImageAugmentation.Flip;

    /// <inheritdoc/>
    public override FolderGuide Guide { get; } =
        new()
        {
            Source =
                "the Taskonomy repository (StanfordVL/taskonomy), by the Omnidata download tool, component taskonomy",
            Size =
                "4.6 million images of 512 x 512 pixels from 537 buildings, 11 TB; the list \"tiny\" has 35 buildings",
            Files =
            [
                new("rgb/{building}/point_{p}_view_{v}_domain_rgb.png", "image"),
                new(
                    "segment_semantic/{building}/point_{p}_view_{v}_domain_segmentsemantic.png",
                    "8-bit greyscale: 0 uncertain (missing), 1 background, 2 to 17 things"
                ),
                new(
                    "depth_zbuffer/{building}/point_{p}_view_{v}_domain_depth_zbuffer.png",
                    "16-bit greyscale in 1/512 m, 65535 missing"
                ),
                new("normal/{building}/point_{p}_view_{v}_domain_normal.png", "8-bit colour, 127 in the middle"),
                new("edge_texture/{building}/point_{p}_view_{v}_domain_edge_texture.png", "16-bit greyscale"),
                new("keypoints2d/{building}/point_{p}_view_{v}_domain_keypoints2d.png", "16-bit greyscale"),
                new(
                    "train_val_test_{size}.csv",
                    "optional: the publisher's list, columns id, train, val, test; the last one in order counts"
                ),
            ],
            Protocol =
                "by building: by the publisher's list, or 70/15/15 of those that are there, by the seed. Images shrunk to 256 x 256 pixels; edges and keypoints from 0 to 1. Reported by Standley et al. 2020: cross-entropy of the classes, mean absolute error of the others.",
        };

    /// <inheritdoc/>
    protected override StoredParts OpenFolder(string directory, BenchmarkOptions options)
    {
        var rows = new List<string>(); // building/point/view
        var places = Domains.ToDictionary(domain => domain, _ => new Dictionary<string, string>());
        var buildings = FolderFiles.Folders(Path.Combine(directory, Domains[0]));
        foreach (var building in buildings)
        {
            foreach (var domain in Domains)
            {
                List(directory, domain, building, places[domain], rows);
            }
        }

        var parts = Divide(directory, rows, options.Seed);
        MapFile[] files =
        [
            .. new Func<string, Tensor>[] { Image, Labels, Depth, Normals, Strength, Strength }.Select(
                (read, i) => new MapFile(row => places[Domains[i]][row], read)
            ),
        ];
        return new(Part(parts[0]), Part(parts[1]), Part(parts[2]));

        DenseRows Part(IEnumerable<long> part) =>
            new(Tasks, part.Select(row => rows[(int)row]), files[0], files[1..], files[0].PathOf(rows[0]));
    }

    /// <summary>Notes where the files of one domain and building are, and refuses a folder that lacks one of the images.</summary>
    private static void List(
        string directory,
        string domain,
        string building,
        Dictionary<string, string> places,
        List<string> rows
    )
    {
        var folder = Path.Combine(directory, domain, building);
        var keys = new List<string>();
        foreach (var name in FolderFiles.Names(folder, Ending).Order(StringComparer.Ordinal))
        {
            var match = View().Match(name);
            if (!match.Success)
            {
                throw new InvalidDataException(
                    $"'{Path.Combine(folder, name + Ending)}' is not named as Taskonomy's files are; expected point_0_view_0_domain_{domain}{Ending}."
                );
            }

            var key = $"{building}/{match.Groups[1].Value}/{match.Groups[2].Value}";
            places[key] = Path.Combine(folder, name + Ending);
            keys.Add(key);
        }

        if (domain == Domains[0])
        {
            rows.AddRange(keys);
        }
        else if (
            rows.Where(row => row.StartsWith(building + "/", StringComparison.Ordinal))
                .FirstOrDefault(row => !places.ContainsKey(row)) is
            { } missing
        )
        {
            throw new FileNotFoundException(
                $"There is no file of '{folder}' for building, point and view {missing}, though '{Domains[0]}' has one."
            );
        }
    }

    private static IReadOnlyList<IEnumerable<long>> Divide(string directory, List<string> rows, long seed)
    {
        string[] buildings = [.. rows.Select(row => row[..row.IndexOf('/', StringComparison.Ordinal)])];
        if (Directory.EnumerateFiles(directory, Lists).Order(StringComparer.Ordinal).LastOrDefault() is not { } list)
        {
            return Draw(buildings, seed);
        }

        var partOf = new Dictionary<string, int>();
        foreach (var (number, text) in FolderFiles.Lines(list).Skip(1))
        {
            var fields = text.Split(',', StringSplitOptions.TrimEntries);
            var part = fields.Length == 4 ? Array.IndexOf(fields, "1", 1) - 1 : -1;
            if (part < 0)
            {
                throw FolderFiles.Fault(list, number, $"'{text}'", "a building and three of 0 and 1, one of them 1");
            }

            partOf[fields[0]] = part;
        }

        if (buildings.FirstOrDefault(building => !partOf.ContainsKey(building)) is { } unknown)
        {
            throw new InvalidDataException($"'{list}' does not list the building '{unknown}', which is there.");
        }

        var parts = Enumerable
            .Range(0, Parts)
            .Select(part =>
                Enumerable
                    .Range(0, rows.Count)
                    .Where(row => partOf[buildings[row]] == part)
                    .Select(row => (long)row)
                    .ToArray()
            )
            .ToArray();
        return Array.FindIndex(parts, part => part.Length == 0) is >= 0 and var empty
            ? throw new InvalidDataException(
                $"'{list}' gives none of the buildings that are there to {(empty == 0 ? "train" : empty == 1 ? "val" : "test")}; add one."
            )
            : parts;
    }

    private static IReadOnlyList<IEnumerable<long>> Draw(string[] buildings, long seed)
    {
        string[] order = [.. buildings.Distinct()];
        if (order.Length < Parts)
        {
            throw new InvalidDataException(
                $"There are {order.Length} buildings; expected {Parts} or more, since no building is in two parts."
            );
        }

        Seeds.Generator(seed).Shuffle(order);
        var kept = Math.Max(1, (int)Math.Round(ValidationShare * order.Length));
        string[][] parts = [order[(2 * kept)..], order[..kept], order[kept..(2 * kept)]];
        return
        [
            .. parts.Select(part =>
                Enumerable
                    .Range(0, buildings.Length)
                    .Where(row => part.Contains(buildings[row]))
                    .Select(row => (long)row)
            ),
        ];
    }

    private Tensor Image(string path)
    {
        using var scope = torch.NewDisposeScope();
        return ImageFit.Resize(DenseMaps.Image(ImageFile.ReadColour(path)), side, side).MoveToOuterDisposeScope();
    }

    private Tensor Labels(string path)
    {
        using var scope = torch.NewDisposeScope();
        var labels = DenseMaps.Labels(ImageFile.ReadGrey(path), Classes, [0], path, first: 1);
        return ImageFit.Nearest(labels, side, side).MoveToOuterDisposeScope();
    }

    private Tensor Depth(string path)
    {
        using var scope = torch.NewDisposeScope();
        var raw = ImageFile.ReadGrey16(path);
        var metres = raw.to(ScalarType.Float32).div(UnitsOfMetre).masked_fill(raw.eq(NoDepth), 0);
        return ImageFit.Nearest(DenseMaps.Depth(metres, path), side, side).MoveToOuterDisposeScope();
    }

    private Tensor Normals(string path)
    {
        using var scope = torch.NewDisposeScope();
        var vectors = ImageFile.ReadColour(path).to(ScalarType.Float32).div(byte.MaxValue / 2.0).sub(1);
        return DenseMaps.Unit(ImageFit.Resize(vectors, side, side), ShortestNormal).MoveToOuterDisposeScope();
    }

    private Tensor Strength(string path)
    {
        using var scope = torch.NewDisposeScope();
        var raw = ImageFile.ReadGrey16(path).unsqueeze(0).to(ScalarType.Float32).div(ushort.MaxValue);
        return ImageFit.Resize(raw, side, side).MoveToOuterDisposeScope();
    }

    [GeneratedRegex(@"^point_(\d+)_view_(\d+)_domain_\w+$", RegexOptions.CultureInvariant)]
    private static partial Regex View();
}
