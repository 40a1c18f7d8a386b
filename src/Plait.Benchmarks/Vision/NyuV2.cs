using Plait.Benchmarks.Vision.Reading;
using Plait.Data.Augmentation;
using Plait.Jobs;
using Plait.Tasks;

namespace Plait.Benchmarks.Vision;

/// <summary>Indoor scenes: what each pixel shows, how far away it is, and where its surface faces; in MTAN's layout.</summary>
/// <remarks>
/// Silberman et al. 2012, as Liu et al. 2019, <i>End-to-End Multi-Task Learning with Attention</i>, section 4.1, prepared it: 13
/// classes, 288 x 384 pixels, 795 training and 654 test images. A label of -1, a depth of 0 and a normal without length are missing.
/// </remarks>
public sealed class NyuV2 : StoredBenchmark
{
    private const int Classes = 13;

    /// <inheritdoc/>
    public override string Name => "nyuv2";

    /// <inheritdoc/>
    public override string Title => "NYU Depth v2";

    /// <inheritdoc/>
    public override string Summary =>
        "Indoor scenes of 288 x 384 pixels: 13 classes, depth and surface normals, in MTAN's layout.";

    /// <inheritdoc/>
    public override string Licence => "none stated by its authors; for research";

    /// <inheritdoc/>
    public override string Citation =>
        "Silberman, Hoiem, Kohli, Fergus 2012, Indoor segmentation and support inference from RGBD images, ECCV; layout of Liu, Johns, Davison 2019 (arXiv 1803.10704)";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(DenseTasks.Segmentation(Classes), DenseTasks.Depth(), DenseTasks.Normals());

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("resnet18:output-stride=8,pool=false", BatchSize: 8, Epochs: 200, LearningRate: 1e-4, Patience: 200);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["official"];

    /// <inheritdoc/>
    public override IReadOnlyList<TargetGeometry> Geometry { get; } =
    [TargetGeometry.Labels, TargetGeometry.Depth, TargetGeometry.Normals];

    /// <inheritdoc/>
    public override ImageAugmentation? Augmentation => ImageAugmentation.ScaleAndFlip;

    /// <inheritdoc/>
    public override FolderGuide Guide { get; } =
        new()
        {
            Source = "the MTAN repository of Shikun Liu (lorenmt/mtan), section \"NYUv2\": pre-processed NYUv2",
            Size = "795 training and 654 test images of 288 x 384 pixels, about 8 GB",
            Files =
            [
                new(
                    "{train,val}/image/{i}.npy",
                    "image [288, 384, 3], f4 or f8, from 0 to 1; i from 0 without leading zeros"
                ),
                new("{train,val}/label/{i}.npy", "class of each pixel [288, 384], 0 to 12, -1 missing"),
                new("{train,val}/depth/{i}.npy", "depth [288, 384, 1] in metres, 0 missing"),
                new("{train,val}/normal/{i}.npy", "unit normal [288, 384, 3], zeros missing"),
            ],
            Protocol =
                "val is the official test part; a tenth of train, drawn by the seed, is kept for validation, which MTAN does without. Adam, rate 0.0001 halved every 100 epochs, 200 epochs, batches of 2 (SegNet) or 8 (ResNet-50); papers report the mean of the last 10 epochs. Augmentation: enlargement by 1, 1.2 or 1.5, mirroring.",
        };

    /// <inheritdoc/>
    protected override StoredParts OpenFolder(string directory, BenchmarkOptions options) =>
        MtanFolder.Open(
            Tasks,
            directory,
            [
                ("label", (raw, file) => DenseMaps.Labels(raw, Classes, [-1], file)),
                ("depth", DenseMaps.Depth),
                ("normal", (raw, file) => DenseMaps.Normals(raw, file)),
            ],
            options.Seed
        );
}
