using System.Globalization;
using Plait.Benchmarks.Vision.Reading;
using Plait.Data.Augmentation;
using Plait.Jobs;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Benchmarks.Vision;

/// <summary>Rooms of real buildings: classes, depth, surface normals, edges and keypoints of each pixel.</summary>
/// <remarks>
/// Zamir et al. 2018; the five tasks of Standley et al. 2020. Any subset of buildings will do; a building is in one part only: by the
/// publisher's list where it is there, else by the seed. Images are shrunk to 256 x 256 pixels: areas averaged, classes and depth by
/// the nearest pixel. Class 0 ("uncertain"), a depth of 65,535 and a normal of middle grey are missing.
/// </remarks>
public sealed class Taskonomy : StoredBenchmark
{
    private const long DefaultSide = 256;
    private const int Classes = 17; // 1, background, to 17
    private const string Images = "rgb";
    private const string Lists = "train_val_test_*.csv";

    private const double ValidationShare = 0.15; // and as many for the test
    private const int Parts = 3;

    private readonly long side;
    private readonly TaskonomyProtocol protocol;
    private readonly IReadOnlyList<TaskonomyTarget> targets;

    /// <summary>Images of 256 x 256 pixels.</summary>
    /// <param name="protocol">What their targets are.</param>
    public Taskonomy(TaskonomyProtocol protocol = TaskonomyProtocol.Units)
        : this(DefaultSide, protocol) { }

    internal Taskonomy(long side, TaskonomyProtocol protocol = TaskonomyProtocol.Units)
    {
        this.side = side;
        this.protocol = protocol;
        targets = TaskonomyTarget.Of(protocol, Classes);
        Tasks = new TaskSet(targets.Select(target => target.Task));
        Geometry =
        [
            .. targets.Select(target =>
                target.Task.Name switch
                {
                    "normals" => TargetGeometry.Normals,
                    "depth" => IsStandardised ? TargetGeometry.MirrorOnly : TargetGeometry.Depth,
                    "curvature" => TargetGeometry.MirrorOnly,
                    _ => TargetGeometry.Labels,
                }
            ),
        ];
    }

    private bool IsStandardised => protocol != TaskonomyProtocol.Units;

    /// <summary>Targets in their own units.</summary>
    public static Taskonomy InUnits { get; } = new();

    /// <summary>Task set 1 of Standley et al. 2020.</summary>
    public static Taskonomy Standley1 { get; } = new(TaskonomyProtocol.Standley1);

    /// <summary>Task set 2 of Standley et al. 2020.</summary>
    public static Taskonomy Standley2 { get; } = new(TaskonomyProtocol.Standley2);

    /// <inheritdoc/>
    public override string Name =>
        protocol switch
        {
            TaskonomyProtocol.Standley1 => "taskonomy-standley-1",
            TaskonomyProtocol.Standley2 => "taskonomy-standley-2",
            _ => "taskonomy",
        };

    /// <inheritdoc/>
    public override string Title =>
        protocol switch
        {
            TaskonomyProtocol.Standley1 => "Taskonomy, task set 1 of Standley et al.",
            TaskonomyProtocol.Standley2 => "Taskonomy, task set 2 of Standley et al.",
            _ => "Taskonomy",
        };

    /// <inheritdoc/>
    public override string Summary =>
        protocol switch
        {
            TaskonomyProtocol.Standley1 =>
                "Rooms of real buildings of 256 x 256 pixels: 17 classes, depth, normals, edges and keypoints, standardised as in Standley's loader.",
            TaskonomyProtocol.Standley2 =>
                "Rooms of real buildings of 256 x 256 pixels: normals, the image, curvature, reshading and occlusion edges, standardised as in Standley's loader.",
            _ => "Rooms of real buildings of 256 x 256 pixels: 17 classes, depth, normals, edges and keypoints.",
        };

    /// <inheritdoc/>
    public override string Licence => "Taskonomy's terms: non-commercial research";

    /// <inheritdoc/>
    public override string Citation =>
        "Zamir, Sax, Shen, Guibas, Malik, Savarese 2018, Taskonomy: disentangling task transfer learning, CVPR (arXiv 1804.08328)";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; }

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("resnet18:output-stride=8,pool=false", BatchSize: 16, Epochs: 50, LearningRate: 1e-4, Patience: 10);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["buildings"];

    /// <inheritdoc/>
    public override IReadOnlyList<TargetGeometry> Geometry { get; }

    /// <inheritdoc/>
    public override ImageAugmentation? Augmentation => ImageAugmentation.Flip;

    /// <inheritdoc/>
    public override FolderGuide Guide =>
        new()
        {
            Source =
                "the Taskonomy repository (StanfordVL/taskonomy), by the Omnidata download tool, component taskonomy",
            Size =
                "4.6 million images of 512 x 512 pixels from 537 buildings, 11 TB; the list \"tiny\" has 35 buildings",
            Files =
            [
                new(
                    "{domain}/{building}/ or {domain}/taskonomy/{building}/",
                    "as the publisher's archives or the Omnidata tool deliver; both are found"
                ),
                .. targets
                    .Select(target => target.Domain)
                    .Prepend(Images)
                    .Append("depth_zbuffer")
                    .Distinct()
                    .Select(domain => new FolderFile(
                        $"{domain}/{{building}}/point_{{p}}_view_{{v}}_domain_{(domain == "segment_semantic" ? "segmentsemantic" : domain)}.png",
                        ContentOf(domain)
                    )),
                new(
                    "train_val_test_{size}.csv",
                    "optional: the publisher's list, columns id, train, val, test; the last one in order counts"
                ),
            ],
            Protocol =
                "by building: by the publisher's list, or 70/15/15 of those that are there, by the seed. Images shrunk to 256 x 256 pixels; a view that lacks a file is left out and counted. "
                + (
                    IsStandardised
                        ? "Targets less the mean and over the deviation of Standley's public loader; what is 16 m away or more is missing where that loader masks it. Reported: cross-entropy of the classes, mean absolute error of the others, over the pixels that are there (the authors' losses divide by all pixels)."
                        : "Edges and keypoints from 0 to 1. Reported by Standley et al. 2020, for standardised targets (taskonomy-standley-1): cross-entropy of the classes, mean absolute error of the others."
                ),
        };

    private static string ContentOf(string domain) =>
        domain switch
        {
            Images => "image",
            "segment_semantic" => "8-bit greyscale: 0 uncertain (missing), 1 background, 2 to 17 things",
            "depth_zbuffer" => "16-bit greyscale in 1/512 m, 65535 missing",
            "normal" => "8-bit colour, 127 in the middle",
            "principal_curvature" => "8-bit colour: the two curvatures in red and green, 127 in the middle",
            "reshading" => "8-bit colour",
            _ => "16-bit greyscale",
        };

    /// <inheritdoc/>
    protected override StoredParts OpenFolder(string directory, BenchmarkOptions options)
    {
        var needsDepth = targets.Any(target => target.IsMasked);
        var folder = new TaskonomyFolder(
            directory,
            Images,
            [.. targets.Select(target => target.Domain), .. needsDepth ? ["depth_zbuffer"] : Array.Empty<string>()]
        );
        var maps = new TaskonomyMaps(folder, side, Classes);
        var image = new MapFile(row => folder.PathOf(Images, row), maps.Image);
        MapFile[] files =
        [
            .. targets.Select(target => new MapFile(row => folder.PathOf(target.Domain, row), maps.Of(target))),
        ];
        var parts = Divide(directory, folder.Rows, options.Seed);
        return new(Part(parts[0]), Part(parts[1]), Part(parts[2]))
        {
            Notices = folder.Skipped == 0 ? [] : [Notice(folder)],
        };

        DenseRows Part(IEnumerable<long> part) =>
            new(Tasks, part.Select(row => folder.Rows[(int)row]), image, files, image.PathOf(folder.Rows[0]));
    }

    private static string Notice(TaskonomyFolder folder) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{folder.Skipped:N0} of {folder.Skipped + folder.Rows.Count:N0} views are left out, since a file of theirs is missing; the first: {folder.FirstMissing}."
        );

    private static IReadOnlyList<IEnumerable<long>> Divide(string directory, IReadOnlyList<string> rows, long seed)
    {
        string[] buildings = [.. rows.Select(TaskonomyFolder.BuildingOf)];
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
}
