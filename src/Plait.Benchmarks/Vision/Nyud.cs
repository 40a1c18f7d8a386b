using Plait.Benchmarks.Vision.Reading;
using Plait.Data;
using Plait.Data.Augmentation;
using Plait.Jobs;
using Plait.Tasks;

namespace Plait.Benchmarks.Vision;

/// <summary>Indoor scenes with 40 classes, depth, surface normals and edges; in the layout of Vandenhende's suite.</summary>
/// <remarks>
/// Silberman et al. 2012, as prepared for Vandenhende et al. 2021, <i>Multi-Task Learning for Dense Prediction Tasks: A Survey</i>.
/// In the labels 0 is missing and 1 to 40 are the classes; a depth of 0 and a normal without length are missing.
/// </remarks>
public sealed class Nyud : StoredBenchmark
{
    private const int Classes = 40;
    private const int MissingLabel = 255;
    private const double EdgeTolerance = 0.011; // maxDist of the suite's evaluation on NYUD; it is 0.0075 on PASCAL-Context

    /// <inheritdoc/>
    public override string Name => "nyud";

    /// <inheritdoc/>
    public override string Title => "NYUD-MT";

    /// <inheritdoc/>
    public override string Summary =>
        "Indoor scenes: 40 classes, depth, surface normals and edges, in the layout of Vandenhende's suite.";

    /// <inheritdoc/>
    public override string Licence => "none stated by its authors; for research";

    /// <inheritdoc/>
    public override string Citation =>
        "Silberman, Hoiem, Kohli, Fergus 2012, Indoor segmentation and support inference from RGBD images, ECCV; layout of Vandenhende et al. 2021 (arXiv 2004.13379)";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(
            DenseTasks.Segmentation(Classes),
            DenseTasks.Depth(),
            DenseTasks.Normals(),
            DenseTasks.Edges(EdgeTolerance)
        );

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("resnet18:output-stride=8,pool=false", BatchSize: 8, Epochs: 100, LearningRate: 1e-4, Patience: 100);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["official"];

    /// <inheritdoc/>
    public override IReadOnlyList<TargetGeometry> Geometry { get; } =
    [TargetGeometry.Labels, TargetGeometry.Depth, TargetGeometry.NormalsDown, TargetGeometry.Labels];

    /// <inheritdoc/>
    public override ImageAugmentation? Augmentation => ImageAugmentation.ScaleAndFlip;

    /// <inheritdoc/>
    public override FolderGuide Guide { get; } =
        new()
        {
            Source =
                "the repository of Simon Vandenhende (SimonVandenhende/Multi-Task-Learning-PyTorch), archive NYUD_MT",
            Size = "795 training and 654 test images, all of one size (480 x 640 or 425 x 560 pixels), about 10 GB",
            Files =
            [
                new("gt_sets/{train,val}.txt", "names of the rows, one a line"),
                new("images/{name}.jpg", "image"),
                new("segmentation/{name}.png", "8-bit greyscale or palette, 1 to 40 the classes, 0 or 255 missing"),
                new("depth/{name}.npy", "depth [height, width] in metres, f4 or f8, 0 missing"),
                new("normals/{name}.npy", "unit normal [height, width, 3], f4 or f8, zeros missing"),
                new(
                    "edge/{name}.npy",
                    "edges [height, width]: f4 or f8 from 0 to 1, or booleans or integers 0 and 1 (or 255)"
                ),
            ],
            Protocol =
                "val is the official test part; a tenth of train, drawn by the seed, is kept for validation. Reported: mean IoU of 40 classes, RMSE of depth, mean angle of normals, edge F (optimal data set scale, within 0.011 of the image's diagonal).",
        };

    /// <inheritdoc/>
    protected override StoredParts OpenFolder(string directory, BenchmarkOptions options)
    {
        (string Folder, string Ending, Func<string, Tensor> Read)[] kinds =
        [
            ("images", ".jpg", Picture),
            ("segmentation", ".png", Labels),
            ("depth", ".npy", path => Array(path, DenseMaps.Depth)),
            ("normals", ".npy", path => Array(path, (raw, file) => DenseMaps.Normals(raw, file))),
            ("edge", ".npy", path => Array(path, DenseMaps.Edges)),
        ];
        var files = kinds
            .Select(kind => MapFile.In(Path.Combine(directory, kind.Folder), kind.Ending, kind.Read))
            .ToArray();
        string[] train = Rows("train");
        string[] test = Rows("val");
        var parts = Splits.Random(
            train.Length,
            [1 - MtanFolder.ValidationShare, MtanFolder.ValidationShare],
            options.Seed
        );
        return new(Part(parts[0].Select(row => train[row])), Part(parts[1].Select(row => train[row])), Part(test));

        string[] Rows(string part)
        {
            var list = Path.Combine(directory, "gt_sets", part + ".txt");
            string[] rows = [.. FolderFiles.Lines(list).Select(line => line.Text)];
            foreach (var (folder, ending, _) in kinds)
            {
                FolderFiles.RequireAll(Path.Combine(directory, folder), ending, rows, $"'{list}' names it");
            }

            return rows;
        }

        DenseRows Part(IEnumerable<string> rows) => new(Tasks, rows, files[0], files[1..], files[0].PathOf(train[0]));
    }

    private static Tensor Picture(string path)
    {
        using var bytes = ImageFile.ReadColour(path);
        return DenseMaps.Image(bytes);
    }

    private static Tensor Labels(string path)
    {
        using var raw = ImageFile.ReadIndices(path);
        return DenseMaps.Labels(raw, Classes, [0, MissingLabel], path, first: 1);
    }

    private static Tensor Array(string path, Func<Tensor, string, Tensor> read)
    {
        using var raw = NpyFile.Read(path);
        return read(raw, path);
    }
}
