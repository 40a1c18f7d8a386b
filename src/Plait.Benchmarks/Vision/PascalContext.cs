using Plait.Benchmarks.Vision.Reading;
using Plait.Data;
using Plait.Data.Augmentation;
using Plait.Jobs;
using Plait.Tasks;

namespace Plait.Benchmarks.Vision;

/// <summary>Photographs of everyday things: classes, body parts, saliency, outlines and normals; in the layout of Vandenhende's suite.</summary>
/// <remarks>
/// Everingham et al. 2010, Chen et al. 2014 (parts), Mottaghi et al. 2014 (context), with the targets that Maninis et al. 2019,
/// <i>Attentive Single-Tasking of Multiple Tasks</i>, section 4, distilled. Pictures lie unscaled on a canvas of 512 x 512 pixels,
/// where the suite stretches them: what is measured is measured on their own pixels.
/// </remarks>
public sealed class PascalContext : StoredBenchmark
{
    private const long DefaultSide = 512;
    private const double EdgeTolerance = 0.0075; // maxDist of the suite's evaluation on PASCAL-Context

    private readonly long side;

    /// <summary>Canvases of 512 x 512 pixels.</summary>
    public PascalContext()
        : this(DefaultSide) { }

    internal PascalContext(long side) => this.side = side;

    /// <inheritdoc/>
    public override string Name => "pascal-context";

    /// <inheritdoc/>
    public override string Title => "PASCAL-Context";

    /// <inheritdoc/>
    public override string Summary =>
        "Photographs of everyday things: 21 classes, 7 body parts, saliency, outlines, normals, in the layout of Vandenhende's suite.";

    /// <inheritdoc/>
    public override string Licence =>
        "pictures: Flickr's terms of use; annotations: none stated by their authors; for research";

    /// <inheritdoc/>
    public override string Citation =>
        "Everingham et al. 2010, The PASCAL visual object classes challenge, IJCV; Chen et al. 2014 (arXiv 1406.2031); Mottaghi et al. 2014, CVPR; Maninis, Radosavovic, Kokkinos 2019 (arXiv 1904.08918)";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(
            DenseTasks.Segmentation(PascalFiles.Classes),
            DenseTasks.Parts(PascalFiles.PartClasses),
            DenseTasks.Saliency(),
            DenseTasks.Edges(EdgeTolerance),
            DenseTasks.Normals()
        );

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("resnet18:output-stride=8,pool=false", BatchSize: 8, Epochs: 60, LearningRate: 1e-4, Patience: 60);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["official"];

    /// <inheritdoc/>
    public override IReadOnlyList<TargetGeometry> Geometry { get; } =
    [
        TargetGeometry.Labels,
        TargetGeometry.Labels,
        TargetGeometry.Labels,
        TargetGeometry.Labels,
        TargetGeometry.NormalsDown,
    ];

    /// <inheritdoc/>
    public override ImageAugmentation? Augmentation => ImageAugmentation.RotateScaleAndFlip;

    /// <inheritdoc/>
    public override FolderGuide Guide { get; } =
        new()
        {
            Source =
                "the archive PASCAL_MT of Kevis-Kokitsi Maninis (ETH Zurich), which the repository of Simon Vandenhende names",
            Size = "4,998 training and 5,105 test pictures of up to 500 x 500 pixels, about 10 GB",
            Files =
            [
                new("ImageSets/Context/{train,val}.txt", "names of the rows, one a line"),
                new("JPEGImages/{name}.jpg", "picture"),
                new("semseg/VOC12/{name}.png", "palette or 8-bit greyscale, 0 to 20, 255 missing"),
                new("semseg/pascal-context/{name}.png", "the same, for names that VOC12 lacks"),
                new(
                    "human_parts/{name}.mat",
                    "anno: objects with class_ind, mask and parts with part_name and mask (MAT, version 5 to 7)"
                ),
                new("pascal-context/trainval/{name}.mat", "LabelMap: 459 labels (MAT, version 5 to 7)"),
                new("normals_distill/{name}.png", "8-bit colour, 2 x / 255 - 1"),
                new("sal_distill/{name}.png", "8-bit greyscale, salient from 128"),
            ],
            Protocol =
                "val is the official validation part and serves as test; a tenth of train, drawn by the seed, is kept for validation. Pictures lie unscaled on 512 x 512 pixels. Body parts are missing where nobody is in the picture, normals where LabelMap has no indoor thing; edges are the thinned outlines of LabelMap. Reported: mean IoU of classes, of parts and of saliency (or its maximal F), mean angle of normals, edge F (optimal data set scale, within 0.0075 of the canvas's diagonal).",
        };

    /// <inheritdoc/>
    protected override StoredParts OpenFolder(string directory, BenchmarkOptions options)
    {
        var files = new PascalFiles(directory, side);
        var image = MapFile.In(Path.Combine(directory, "JPEGImages"), ".jpg", files.Image);
        MapFile[] targets =
        [
            new(row => LabelsOf(directory, row), files.Labels),
            MapFile.In(Path.Combine(directory, "human_parts"), ".mat", files.Parts),
            MapFile.In(Path.Combine(directory, "sal_distill"), ".png", files.Saliency),
            MapFile.In(Path.Combine(directory, "pascal-context", "trainval"), ".mat", files.Edges),
            MapFile.In(Path.Combine(directory, "normals_distill"), ".png", files.Normals),
        ];
        string[] train = Rows(directory, "train", [image, .. targets]);
        string[] test = Rows(directory, "val", [image, .. targets]);
        var parts = Splits.Random(
            train.Length,
            [1 - MtanFolder.ValidationShare, MtanFolder.ValidationShare],
            options.Seed
        );
        return new(Part(parts[0].Select(row => train[row])), Part(parts[1].Select(row => train[row])), Part(test));

        DenseRows Part(IEnumerable<string> rows) => new(Tasks, rows, image, targets, image.PathOf(train[0]));
    }

    private static string LabelsOf(string directory, string row)
    {
        var first = Path.Combine(directory, "semseg", "VOC12", row + ".png");
        return File.Exists(first) ? first : Path.Combine(directory, "semseg", "pascal-context", row + ".png");
    }

    private static string[] Rows(string directory, string part, MapFile[] files)
    {
        var list = Path.Combine(directory, "ImageSets", "Context", part + ".txt");
        string[] rows = [.. FolderFiles.Lines(list).Select(line => line.Text)];
        foreach (var row in rows)
        {
            if (files.Select(file => file.PathOf(row)).FirstOrDefault(path => !File.Exists(path)) is { } missing)
            {
                throw new FileNotFoundException($"There is no file '{missing}', though '{list}' names it.", missing);
            }
        }

        return rows;
    }
}
