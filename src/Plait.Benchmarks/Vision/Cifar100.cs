using System.Globalization;
using Plait.Data;
using Plait.Data.Augmentation;
using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Vision;

/// <summary>Twenty groups of five classes of small pictures; each group is a task with images of its own.</summary>
/// <remarks>
/// Krizhevsky 2009. One task for each coarse class, with its five fine classes, as Rosenbaum et al. 2018, <i>Routing Networks</i>,
/// section 4, have it. A tenth of the training pictures, in proportion by class, is for validation.
/// </remarks>
public sealed class Cifar100 : FolderBenchmark
{
    private const int FinePerTask = 5;
    private const int Fine = 100;
    private const int LabelBytes = 2;
    private const int PixelBytes = 3 * 32 * 32;
    private const double ValidationShare = 0.1;

    private static readonly string[] Groups =
    [
        "aquatic-mammals",
        "fish",
        "flowers",
        "food-containers",
        "fruit-and-vegetables",
        "household-electrical-devices",
        "household-furniture",
        "insects",
        "large-carnivores",
        "large-man-made-outdoor-things",
        "large-natural-outdoor-scenes",
        "large-omnivores-and-herbivores",
        "medium-mammals",
        "non-insect-invertebrates",
        "people",
        "reptiles",
        "small-mammals",
        "trees",
        "vehicles-1",
        "vehicles-2",
    ];

    /// <summary>The group of each fine class.</summary>
    private static readonly byte[] GroupOf =
    [
        .. (
            "4 1 14 8 0 6 7 7 18 3 3 14 9 18 7 11 3 9 7 11 6 11 5 10 7 6 "
            + "13 15 3 15 0 11 1 10 12 14 16 9 11 5 5 19 8 8 15 13 14 17 18 10 16 4 "
            + "17 4 2 0 17 4 18 17 10 3 2 12 12 16 12 1 9 19 2 10 0 1 16 12 9 13 "
            + "15 13 16 19 2 4 6 19 5 5 8 19 18 1 2 15 6 0 17 8 14 13"
        )
            .Split(' ')
            .Select(number => byte.Parse(number, CultureInfo.InvariantCulture)),
    ];

    /// <inheritdoc/>
    public override bool HasPlainImages => true;

    /// <inheritdoc/>
    public override string Name => "cifar100";

    /// <inheritdoc/>
    public override string Title => "CIFAR-100, twenty groups";

    /// <inheritdoc/>
    public override string Summary =>
        "Twenty groups of five classes of pictures of 32 x 32 pixels, each with images of its own.";

    /// <inheritdoc/>
    public override string Licence => "none stated by its authors";

    /// <inheritdoc/>
    public override string Citation =>
        "Krizhevsky 2009, Learning multiple layers of features from tiny images, University of Toronto";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(Groups.Select(group => LearningTask.Classification(group, FinePerTask)));

    /// <inheritdoc/>
    public override RowStreams Streams => RowStreams.PerTask(Tasks);

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("tiny-resnet", BatchSize: 16, Epochs: 50, LearningRate: 1e-3, Patience: 10);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["official"];

    /// <inheritdoc/>
    public override IReadOnlyList<TargetGeometry> Geometry => [.. Tasks.Select(_ => TargetGeometry.None)];

    /// <inheritdoc/>
    public override FolderGuide Guide { get; } =
        new()
        {
            Source = "the CIFAR page of Alex Krizhevsky, University of Toronto: CIFAR-100 binary version",
            Size = "50,000 training and 10,000 test pictures of 32 x 32 pixels, 185 MB",
            Files =
            [
                new(
                    "train.bin",
                    "records of 3,074 bytes: coarse class, fine class, then red, green and blue, row by row"
                ),
                new("test.bin", "the same"),
            ],
            Protocol =
                "a task for each of the 20 coarse classes with its 5 fine ones (Rosenbaum et al. 2018). A tenth of train, drawn by the seed in proportion by class, is kept for validation. Reported: accuracy of each task and their mean.",
        };

    /// <inheritdoc/>
    protected override DataParts Read(BenchmarkOptions options)
    {
        var directory = FolderOf(options);
        var train = ReadRecords(Path.Combine(directory, "train.bin"));
        var parts = Splits.Stratified(train.Fine, [1 - ValidationShare, ValidationShare], options.Seed);
        var test = ReadRecords(Path.Combine(directory, "test.bin"));
        return new(
            Part(train, parts[0], "the training part"),
            Part(train, parts[1], "the validation part"),
            Part(test, [.. Enumerable.Range(0, test.Fine.Length).Select(row => (long)row)], "test.bin")
        );
    }

    private TensorData Part((Tensor Pixels, long[] Fine) records, long[] rows, string what)
    {
        using var scope = torch.NewDisposeScope();
        var inputs = new Tensor[Groups.Length];
        var targets = new TaskTarget[Groups.Length];
        for (var group = 0; group < Groups.Length; group++)
        {
            var own = rows.Where(row => GroupOf[(int)records.Fine[row]] == group).ToArray();
            if (own.Length == 0)
            {
                throw new InvalidDataException(
                    $"No picture in {what} is of {Groups[group]}; expected some of each group."
                );
            }

            inputs[group] = records
                .Pixels.index_select(0, torch.tensor(own))
                .to(ScalarType.Float32)
                .div_(byte.MaxValue);
            targets[group] = TaskTarget.Of(torch.tensor([.. own.Select(row => PlaceInGroup(records.Fine[row]))]));
        }

        return TensorData.PerTask(Tasks, inputs, targets);
    }

    /// <summary>How many fine classes of the same group come before one.</summary>
    internal static long PlaceInGroup(long fine) =>
        Enumerable.Range(0, (int)fine).Count(other => GroupOf[other] == GroupOf[(int)fine]);

    /// <summary>The group of a fine class.</summary>
    internal static int GroupOfFine(int fine) => GroupOf[fine];

    private static (Tensor Pixels, long[] Fine) ReadRecords(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"There is no file '{path}'; `plait data describe cifar100` says where it comes from.",
                path
            );
        }

        var bytes = File.ReadAllBytes(path);
        if (bytes.Length == 0 || bytes.Length % (LabelBytes + PixelBytes) != 0)
        {
            throw new InvalidDataException(
                $"'{path}' has {bytes.Length} bytes; expected whole records of {LabelBytes + PixelBytes} bytes."
            );
        }

        var count = bytes.Length / (LabelBytes + PixelBytes);
        var fine = new long[count];
        var pixels = new byte[count * PixelBytes];
        for (var record = 0; record < count; record++)
        {
            var start = record * (LabelBytes + PixelBytes);
            var (group, number) = (bytes[start], bytes[start + 1]);
            if (number >= Fine || GroupOf[number] != group)
            {
                throw new InvalidDataException(
                    $"'{path}', record {record}: found fine class {number} of coarse class {group}; expected 0 to {Fine - 1}"
                        + (number < Fine ? $", and coarse class {GroupOf[number]} for this one." : ".")
                );
            }

            fine[record] = number;
            bytes.AsSpan(start + LabelBytes, PixelBytes).CopyTo(pixels.AsSpan(record * PixelBytes));
        }

        var tensor = torch.empty([count, 3, 32, 32], ScalarType.Byte);
        tensor.bytes = pixels;
        return (tensor, fine);
    }
}
