using System.Globalization;
using Plait.Benchmarks.Vision.Reading;
using Plait.Data.Augmentation;
using Plait.Jobs;
using Plait.Tasks;

namespace Plait.Benchmarks.Vision;

/// <summary>Street scenes: what each pixel shows and how near it is; in MTAN's layout.</summary>
/// <remarks>
/// Cordts et al. 2016, as Liu et al. 2019, <i>End-to-End Multi-Task Learning with Attention</i>, section 4.1, prepared it: 2, 7 or 19
/// classes, 128 x 256 pixels, 2,975 training and 500 test images. The second target is inverse depth; -1 and 0 are missing.
/// Where MTAN's augmentation divides it by the enlargement, ours multiplies, since what is nearer has more of it.
/// </remarks>
public sealed class Cityscapes : StoredBenchmark
{
    private const int UsualClasses = 7;

    private readonly int classes;

    /// <summary>The set with labels of one fineness.</summary>
    /// <param name="classes">2, 7 or 19.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no such labels.</exception>
    public Cityscapes(int classes = UsualClasses)
    {
        if (classes is not (2 or UsualClasses or 19))
        {
            throw new ArgumentOutOfRangeException(nameof(classes), classes, "The labels have 2, 7 or 19 classes.");
        }

        this.classes = classes;
        Tasks = new(DenseTasks.Segmentation(classes), DenseTasks.Depth());
        Guide = new()
        {
            Source =
                "the MTAN repository of Shikun Liu (lorenmt/mtan), section \"CityScapes\": pre-processed CityScapes; the pictures themselves are under the licence of cityscapes-dataset.com",
            Size = "2,975 training and 500 test images of 128 x 256 pixels, about 4 GB",
            Files =
            [
                new(
                    "{train,val}/image/{i}.npy",
                    "image [128, 256, 3], f4 or f8, from 0 to 1; i from 0 without leading zeros"
                ),
                new(
                    $"{{train,val}}/{LabelFolder}/{{i}}.npy",
                    $"class of each pixel [128, 256], 0 to {classes - 1}, -1 missing{(classes == UsualClasses ? "; the folder may be called label, as LibMTL does" : "")}"
                ),
                new("{train,val}/depth/{i}.npy", "inverse depth [128, 256, 1], 0 missing"),
            ],
            Protocol =
                "val is the official validation part and serves as test; a tenth of train, drawn by the seed, is kept for validation. Adam, rate 0.0001 halved every 100 epochs, 200 epochs, batches of 8; papers report the mean of the last 10 epochs. Augmentation: enlargement by 1, 1.2 or 1.5, mirroring.",
        };
    }

    /// <summary>The seven groups of classes.</summary>
    public static Cityscapes Of7 { get; } = new(UsualClasses);

    /// <summary>The nineteen classes of the data set itself.</summary>
    public static Cityscapes Of19 { get; } = new(classes: 19);

    /// <summary>Background and foreground.</summary>
    public static Cityscapes Of2 { get; } = new(classes: 2);

    /// <inheritdoc/>
    public override string Name =>
        classes == UsualClasses ? "cityscapes" : string.Create(CultureInfo.InvariantCulture, $"cityscapes-{classes}");

    /// <inheritdoc/>
    public override string Title => $"Cityscapes, {classes} classes";

    /// <inheritdoc/>
    public override string Summary =>
        $"Street scenes of 128 x 256 pixels: {classes} classes and inverse depth, in MTAN's layout.";

    /// <inheritdoc/>
    public override string Licence => "Cityscapes licence: non-commercial research, after registration";

    /// <inheritdoc/>
    public override string Citation =>
        "Cordts et al. 2016, The Cityscapes dataset for semantic urban scene understanding, CVPR (arXiv 1604.01685); layout of Liu, Johns, Davison 2019 (arXiv 1803.10704)";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; }

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("resnet18:output-stride=8,pool=false", BatchSize: 8, Epochs: 200, LearningRate: 1e-4, Patience: 200);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["official"];

    /// <inheritdoc/>
    public override IReadOnlyList<TargetGeometry> Geometry { get; } =
    [TargetGeometry.Labels, TargetGeometry.InverseDepth];

    /// <inheritdoc/>
    public override ImageAugmentation? Augmentation => ImageAugmentation.ScaleAndFlip;

    /// <inheritdoc/>
    public override FolderGuide Guide { get; }

    private string LabelFolder => string.Create(CultureInfo.InvariantCulture, $"label_{classes}");

    /// <inheritdoc/>
    protected override StoredParts OpenFolder(string directory, BenchmarkOptions options)
    {
        var plain =
            classes == UsualClasses
            && !Directory.Exists(Path.Combine(directory, "train", LabelFolder))
            && Directory.Exists(Path.Combine(directory, "train", "label"));
        return MtanFolder.Open(
            Tasks,
            directory,
            [
                (plain ? "label" : LabelFolder, (raw, file) => DenseMaps.Labels(raw, classes, [-1], file)),
                ("depth", DenseMaps.Depth),
            ],
            options.Seed
        );
    }
}
