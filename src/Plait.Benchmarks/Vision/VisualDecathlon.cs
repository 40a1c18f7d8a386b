using System.Globalization;
using Plait.Benchmarks.Vision.Reading;
using Plait.Data;
using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Vision;

/// <summary>Ten data sets of very different pictures, each a task with images of its own.</summary>
/// <remarks>
/// Rebuffi, Bilen, Vedaldi 2017. The labels of the official test parts are not public, so the official validation parts are the test
/// here, and a tenth of the training parts, drawn by the seed, is for validation. Middle squares of 72 x 72 pixels.
/// </remarks>
public sealed class VisualDecathlon : StoredBenchmark
{
    private const long Side = 72;
    private const double ValidationShare = 0.1;

    private static readonly string[] Endings = [".jpg", ".jpeg", ".png"];

    private static readonly Dictionary<string, int> Classes = new()
    {
        ["imagenet12"] = 1000,
        ["aircraft"] = 100,
        ["cifar100"] = 100,
        ["daimlerpedcls"] = 2,
        ["dtd"] = 47,
        ["gtsrb"] = 43,
        ["omniglot"] = 1623,
        ["svhn"] = 10,
        ["ucf101"] = 101,
        ["vgg-flowers"] = 102,
    };

    /// <inheritdoc/>
    public override string Name => "decathlon";

    /// <inheritdoc/>
    public override string Title => "Visual Domain Decathlon";

    /// <inheritdoc/>
    public override string Summary =>
        "Ten data sets of very different pictures of 72 x 72 pixels, each with images of its own.";

    /// <inheritdoc/>
    public override string Licence => "that of each of the ten data sets; for research";

    /// <inheritdoc/>
    public override string Citation =>
        "Rebuffi, Bilen, Vedaldi 2017, Learning multiple visual domains with residual adapters, NeurIPS (arXiv 1705.08045)";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(DecathlonScore.DataSets.Select(set => LearningTask.Classification(set, Classes[set])));

    /// <inheritdoc/>
    public override RowStreams Streams => RowStreams.PerTask(Tasks);

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("resnet18", BatchSize: 64, Epochs: 100, LearningRate: 1e-3, Patience: 20);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["official"];

    /// <inheritdoc/>
    public override FolderGuide Guide { get; } =
        new()
        {
            Source =
                "the Visual Domain Decathlon page of the Visual Geometry Group, University of Oxford (decathlon-1.0-data and, for imagenet12, the ImageNet site)",
            Size =
                "about 1.7 million pictures whose shorter side has 72 pixels, 6.5 GB with imagenet12 and 0.4 GB without",
            Files =
            [
                new(
                    $"{{{string.Join(',', DecathlonScore.DataSets)}}}/train/{{class}}/{{name}}.jpg",
                    "training pictures; the folders of the classes are numbered from 0001"
                ),
                new("{data set}/val/{class}/{name}.jpg", "the official validation part"),
            ],
            Protocol =
                "the official validation part is the test, since the labels of the official test part are not public; a tenth of train, drawn by the seed, is kept for validation. Middle squares of 72 x 72 pixels. Reported: accuracy of each set, and DecathlonScore.",
        };

    /// <inheritdoc/>
    protected override StoredParts OpenFolder(string directory, BenchmarkOptions options)
    {
        var kind = ImageKind.Colour(Side, ImageFit.Middle);
        var train = DecathlonScore.DataSets.Select(set => Pictures(directory, set, "train")).ToArray();
        var parts = train
            .Select(rows => Splits.Random(rows.Length, [1 - ValidationShare, ValidationShare], options.Seed))
            .ToArray();
        return new(
            ImageRows.Classes(Tasks, Part(0), kind),
            ImageRows.Classes(Tasks, Part(1), kind),
            ImageRows.Classes(Tasks, [.. DecathlonScore.DataSets.Select(set => Pictures(directory, set, "val"))], kind)
        );

        (string, long)[][] Part(int part) =>
            [.. train.Zip(parts, (rows, division) => division[part].Select(row => rows[row]).ToArray())];
    }

    private static (string Path, long Class)[] Pictures(string directory, string set, string part)
    {
        var folder = Path.Combine(directory, set, part);
        var rows = new List<(string, long)>();
        foreach (var name in FolderFiles.Folders(folder))
        {
            if (
                !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number < 1
                || number > Classes[set]
            )
            {
                throw new InvalidDataException(
                    $"'{Path.Combine(folder, name)}' is the folder of no class; expected 0001 to {Classes[set]:0000}."
                );
            }

            rows.AddRange(
                Directory
                    .EnumerateFiles(Path.Combine(folder, name))
                    .Where(path => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                    .Order(StringComparer.Ordinal)
                    .Select(path => (path, number - 1L))
            );
        }

        return rows.Count > 0
            ? [.. rows]
            : throw new InvalidDataException(
                $"'{folder}' holds no picture; expected {string.Join(", ", Endings)} files in it."
            );
    }
}
