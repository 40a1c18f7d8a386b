using Plait.Benchmarks.Reading;
using Plait.Data;
using Plait.Data.Augmentation;
using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Benchmarks.Vision;

/// <summary>Photographs of 600 cats and dogs on 64 x 64 pixels: their outline, species, breed and the box of their head.</summary>
/// <remarks>
/// Parkhi et al. 2012, two breeds of cat and one of dog. The images belong to their photographers, so they are read from a folder.
/// A head's box is the left, top, right and bottom side as fractions of the image; about half of the images have none, among them
/// the whole official test part. So the default split mixes both official parts, in proportion by breed and by whether there is a
/// box; the split "official" keeps them apart, and says nothing about heads. Two images that no official list names are left out.
/// Images are standardised by channel over the training part.
/// </remarks>
public sealed class Pets600 : FolderBenchmark
{
    private const string ImageFile = "images-64x64x3-idx4-ubyte";
    private const string TrimapFile = "trimaps-64x64-idx3-ubyte";
    private const string LabelFile = "labels.csv";
    private const string Official = "official";
    private const int Side = 64;
    private const int Channels = 3;

    private static readonly string[] Species = ["cat", "dog"];
    private static readonly string[] Breeds = ["Abyssinian", "Bengal", "american_bulldog"];
    private static readonly string[] Lists = ["trainval", "test", "unlisted"];
    private static readonly string[] Outlines = ["pet", "background", "border"];
    private static readonly string[] HeadColumns = ["head_xmin", "head_ymin", "head_xmax", "head_ymax"];
    private static readonly double[] Fractions = [0.6, 0.1, 0.3];
    private static readonly double[] TrainFractions = [5 / 6.0, 1 / 6.0];

    /// <inheritdoc/>
    public override string Name => "pets600";

    /// <inheritdoc/>
    public override string Title => "Pets, 600 photographs";

    /// <inheritdoc/>
    public override string Summary =>
        "Cats and dogs on 64 x 64 pixels: outline, species, breed and, for half of them, the head's box.";

    /// <inheritdoc/>
    public override string Licence => "CC BY-SA 4.0 (annotations), images their owners'; not part of this library";

    /// <inheritdoc/>
    public override string Citation => "Parkhi, Vedaldi, Zisserman, Jawahar 2012, Cats and Dogs, CVPR";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(
            LearningTask.Segmentation("segmentation", Outlines.Length),
            LearningTask.Classification("species", Species.Length),
            LearningTask.Classification("breed", Breeds.Length),
            LearningTask.Regression("head", HeadColumns.Length, [new MeanAbsoluteError(), new MeanSquaredError()])
        );

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("tiny-resnet", BatchSize: 16, Epochs: 40, LearningRate: 1e-3, Patience: 8);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["mixed", Official];

    /// <inheritdoc/>
    public override IReadOnlyList<TargetGeometry> Geometry { get; } =
    [TargetGeometry.Labels, TargetGeometry.None, TargetGeometry.None, TargetGeometry.Box];

    /// <inheritdoc/>
    public override FolderGuide Guide { get; } =
        new()
        {
            Source =
                "the Oxford-IIIT Pet data set; the images and outlines of the public sample Naveen-Dodda/Sample_Pets_dataset, brought to 64 x 64",
            Size = "600 images of 64 x 64 pixels, 6.3 MB packed",
            Files =
            [
                new($"{ImageFile}.gz", "the images, IDX bytes [600, 64, 64, 3], red, green, blue; packed or not"),
                new(
                    $"{TrimapFile}.gz",
                    "their outlines, IDX bytes [600, 64, 64]: 1 pet, 2 background, 3 border; packed or not"
                ),
                new(
                    LabelFile,
                    $"a line for each image: species, breed, split (trainval, test, unlisted), {string.Join(", ", HeadColumns)} as shares of the image, empty where there is no box; other columns are left aside"
                ),
            ],
            Protocol =
                "\"mixed\" divides the 598 listed images 60/10/30 in proportion by breed and by whether there is a box; \"official\" keeps the 298 test images, none of which has a box, and validates on 50 of the 300 others. Reported: mean IoU, accuracy of species and breed, mean absolute error of the box.",
        };

    /// <inheritdoc/>
    protected override DataParts Read(BenchmarkOptions options)
    {
        var files = new BenchmarkFiles(Name, FolderOf(options));
        var table = ReadTable(options);
        var images = Require(files.ReadIdx(ImageFile), ImageFile, table.Rows, Side, Side, Channels);
        var trimaps = Require(files.ReadIdx(TrimapFile), TrimapFile, table.Rows, Side, Side);
        RequireOutlines(trimaps);
        var heads = ReadHeads(table);
        var rows = Divide(table, heads, options);
        var pixels = images.permute(0, 3, 1, 2);
        var standardisation = ImageStandardisation.Of(pixels.index_select(0, torch.tensor(rows[0])));
        using var whole = TensorData.Shared(
            Tasks,
            standardisation.Apply(pixels).contiguous(),
            [
                TaskTarget.Of(trimaps.to(ScalarType.Int64).sub_(1)),
                TaskTarget.Of(torch.tensor(table.Classes("species", Species))),
                TaskTarget.Of(torch.tensor(table.Classes("breed", Breeds))),
                TaskTarget.FromRaw(torch.tensor(heads).view(table.Rows, HeadColumns.Length)),
            ]
        );
        return DataParts.Divide(whole, rows);
    }

    internal static CsvColumns ReadTable(BenchmarkOptions options) =>
        CsvColumns.Read(
            new BenchmarkFiles("pets600", options.DataDirectory),
            LabelFile,
            ["species", "breed", "split", .. HeadColumns]
        );

    /// <summary>Four fractions a row; NaN where a row has no box.</summary>
    internal static float[] ReadHeads(CsvColumns table)
    {
        var columns = HeadColumns.Select(column => table.Numbers(column, missing: float.NaN)).ToArray();
        var heads = new float[table.Rows * columns.Length];
        for (var row = 0; row < table.Rows; row++)
        {
            var box = heads.AsSpan(row * columns.Length, columns.Length);
            for (var i = 0; i < columns.Length; i++)
            {
                box[i] = columns[i][row];
            }

            RequireBox(table, row, box);
        }

        return heads;
    }

    /// <summary>The rows of the training, validation and test part.</summary>
    internal static IReadOnlyList<long[]> Divide(CsvColumns table, float[] heads, BenchmarkOptions options)
    {
        var lists = table.Classes("split", Lists);
        var kinds = table
            .Classes("breed", Breeds)
            .Select((breed, row) => (2 * breed) + (float.IsNaN(heads[HeadColumns.Length * row]) ? 0 : 1))
            .ToArray();
        return options.Split == Official
            ? [.. Stratified(list => list == 0, TrainFractions), Rows(list => list == 1)]
            : Stratified(list => list < 2, Fractions);

        long[] Rows(Func<long, bool> takesPart) =>
            [.. Enumerable.Range(0, lists.Length).Where(row => takesPart(lists[row])).Select(row => (long)row)];

        IReadOnlyList<long[]> Stratified(Func<long, bool> takesPart, double[] fractions)
        {
            var rows = Rows(takesPart);
            return
            [
                .. Splits
                    .Stratified(Array.ConvertAll(rows, row => kinds[row]), fractions, options.Seed)
                    .Select(part => part.Select(place => rows[place]).ToArray()),
            ];
        }
    }

    private static void RequireBox(CsvColumns table, int row, ReadOnlySpan<float> box)
    {
        var missing = 0;
        foreach (var side in box)
        {
            missing += float.IsNaN(side) ? 1 : 0;
        }

        if (missing == box.Length)
        {
            return;
        }

        if (missing > 0)
        {
            throw table.Fault(row, HeadColumns[0], "all four sides of a box, or none");
        }

        if (!(box[0] >= 0 && box[0] < box[2] && box[2] <= 1))
        {
            throw table.Fault(row, HeadColumns[0], $"fractions that rise from {HeadColumns[0]} to {HeadColumns[2]}");
        }

        if (!(box[1] >= 0 && box[1] < box[3] && box[3] <= 1))
        {
            throw table.Fault(row, HeadColumns[1], $"fractions that rise from {HeadColumns[1]} to {HeadColumns[3]}");
        }
    }

    private static Tensor Require(Tensor values, string file, int rows, params long[] shape)
    {
        long[] expected = [rows, .. shape];
        return values.dtype == ScalarType.Byte && values.shape.AsSpan().SequenceEqual(expected)
            ? values
            : throw new InvalidDataException(
                $"'{file}' holds {values.dtype} of shape {TargetShapes.Text(values.shape)}; expected Byte of shape [{string.Join(", ", expected)}], as '{LabelFile}' has {rows} rows."
            );
    }

    private static void RequireOutlines(Tensor trimaps)
    {
        var values = trimaps.bytes;
        var wrong = values.IndexOfAnyExceptInRange((byte)1, (byte)Outlines.Length);
        if (wrong >= 0)
        {
            throw new InvalidDataException(
                $"'{TrimapFile}' says {values[wrong]} at row {wrong / (Side * Side)}, pixel {wrong % (Side * Side)}; expected 1 ({Outlines[0]}), 2 ({Outlines[1]}) or 3 ({Outlines[2]})."
            );
        }
    }
}
