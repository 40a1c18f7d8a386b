using Plait.Benchmarks.Reading;
using Plait.Data;
using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Vision;

/// <summary>Two articles of clothing laid over one another: which is top left, and which bottom right.</summary>
/// <remarks>
/// The MultiMNIST recipe of Sener &amp; Koltun 2018, section 5.1, on Fashion-MNIST, without their last step of shrinking: a canvas
/// of 36 x 36 holds one image of 28 x 28 in the top left corner and another in the bottom right one, and where they overlap the
/// brighter pixel shows. Each image is top left once, with a partner drawn from the same part at random. The images are divided
/// into parts before they are paired, in proportion by class, so no image is in two parts. The embedded 10,000 images are divided
/// 70/10/20; with a data directory, the 60,000 training images give the training part (11/12) and the validation part, and the
/// 10,000 others the test part. MNIST's files have the same names and work too. Pixels are standardised as one number each, by
/// the mean and deviation over the training part's canvases.
/// </remarks>
public sealed class FashionPairs : Benchmark
{
    private const int Classes = 10;
    private const int Side = 28;
    private const int Canvas = 36;
    private const int PixelsAtOnce = 1 << 24; // bounds the memory of the statistics

    private static readonly double[] Fractions = [0.7, 0.1, 0.2];
    private static readonly double[] TrainFractions = [11 / 12.0, 1 / 12.0];

    /// <inheritdoc/>
    public override string Name => "fashion-pairs";

    /// <inheritdoc/>
    public override string Title => "Fashion pairs";

    /// <inheritdoc/>
    public override string Summary => "Two overlaid Fashion-MNIST articles on 36 x 36 pixels: the class of each.";

    /// <inheritdoc/>
    public override string Licence => "MIT (Zalando SE)";

    /// <inheritdoc/>
    public override string Citation =>
        "Xiao, Rasul, Vollgraf 2017, Fashion-MNIST (arXiv 1708.07747); recipe of Sener and Koltun 2018 (arXiv 1810.04650)";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(LearningTask.Classification("top-left", Classes), LearningTask.Classification("bottom-right", Classes));

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("lenet", BatchSize: 64, Epochs: 15, LearningRate: 1e-3, Patience: 4);

    /// <inheritdoc/>
    protected override DataParts Read(BenchmarkOptions options)
    {
        var canvases = ReadCanvases(options, Name);
        var (mean, deviation) = Moments(canvases[0].Input);
        var data = canvases
            .Select(canvas =>
                TensorData.Shared(
                    Tasks,
                    canvas.Input.to(ScalarType.Float32).sub_(mean).div_(deviation),
                    [TaskTarget.Of(canvas.TopLeft), TaskTarget.Of(canvas.BottomRight)]
                )
            )
            .ToArray();
        return new(data[0], data[1], data[2]);
    }

    /// <summary>The pairs of each part: canvases of bytes, [pairs, 1, 36, 36], and the classes of both.</summary>
    /// <param name="options">Where from and how.</param>
    /// <param name="name">The benchmark, for errors.</param>
    internal static IReadOnlyList<(Tensor Input, Tensor TopLeft, Tensor BottomRight)> ReadCanvases(
        BenchmarkOptions options,
        string name
    ) => [.. ReadParts(options, name).Select((part, place) => Overlay(part, Pair(part, options.Seed, place)))];

    /// <summary>The images of each part, not yet paired, with their numbers in the file they come from.</summary>
    internal static IReadOnlyList<Images> ReadParts(BenchmarkOptions options, string name = "fashion-pairs")
    {
        var files = new BenchmarkFiles(name, options.DataDirectory);
        var others = Images.Read(files, "t10k");
        if (files.AreEmbedded)
        {
            return [.. Splits.Stratified(others.LabelNumbers, Fractions, options.Seed).Select(others.Choose)];
        }

        var train = Images.Read(files, "train");
        return [.. Splits.Stratified(train.LabelNumbers, TrainFractions, options.Seed).Select(train.Choose), others];
    }

    /// <summary>For each image of a part, its partner's place in the part.</summary>
    internal static long[] Pair(Images part, long seed, int place)
    {
        var chance = Numerics.Seeds.Generator(seed, place, part.Count);
        return [.. Enumerable.Range(0, part.Count).Select(_ => (long)chance.Next(part.Count))];
    }

    private static (Tensor Input, Tensor TopLeft, Tensor BottomRight) Overlay(Images part, long[] partners)
    {
        var index = torch.tensor(partners);
        var canvas = torch.zeros([part.Count, 1, Canvas, Canvas], ScalarType.Byte);
        Corner(canvas, 0).copy_(part.Pixels.unsqueeze(1));
        var corner = Corner(canvas, Canvas - Side);
        corner.copy_(torch.maximum(corner, part.Pixels.index_select(0, index).unsqueeze(1)));
        return (canvas, part.Labels, part.Labels.index_select(0, index));
    }

    private static Tensor Corner(Tensor canvas, long start) => canvas.narrow(2, start, Side).narrow(3, start, Side);

    private static (double Mean, double Deviation) Moments(Tensor canvases)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var some in canvases.split(PixelsAtOnce / (Canvas * Canvas)))
        {
            using var scope = torch.NewDisposeScope();
            var pixels = some.to(ScalarType.Float64);
            sum += pixels.sum().item<double>();
            squares += pixels.square().sum().item<double>();
        }

        var mean = sum / canvases.numel();
        return (mean, Math.Sqrt(Math.Max((squares / canvases.numel()) - (mean * mean), double.Epsilon)));
    }

    /// <summary>Images of one part.</summary>
    /// <param name="Pixels">[images, 28, 28], bytes.</param>
    /// <param name="Labels">[images], Int64.</param>
    /// <param name="Numbers">Their places in the file.</param>
    /// <param name="LabelNumbers">The labels as numbers.</param>
    internal sealed record Images(Tensor Pixels, Tensor Labels, long[] Numbers, long[] LabelNumbers)
    {
        public int Count => Numbers.Length;

        public static Images Read(BenchmarkFiles files, string prefix)
        {
            var pixelFile = $"{prefix}-images-idx3-ubyte";
            var labelFile = $"{prefix}-labels-idx1-ubyte";
            var pixels = files.ReadIdx(pixelFile);
            var labels = files.ReadIdx(labelFile);
            if (
                pixels.dtype != ScalarType.Byte
                || pixels.dim() != 3
                || pixels.shape[1] != Side
                || pixels.shape[2] != Side
            )
            {
                throw new InvalidDataException(
                    $"'{pixelFile}' holds {pixels.dtype} of shape {TargetShapes.Text(pixels.shape)}; expected Byte, [images, {Side}, {Side}]."
                );
            }

            if (labels.dtype != ScalarType.Byte || labels.dim() != 1 || labels.shape[0] != pixels.shape[0])
            {
                throw new InvalidDataException(
                    $"'{labelFile}' holds {labels.dtype} of shape {TargetShapes.Text(labels.shape)}; expected Byte, one for each of {pixels.shape[0]} images."
                );
            }

            var numbers = labels.to(ScalarType.Int64);
            long[] labelNumbers = numbers.data<long>().ToArray();
            if (Array.FindIndex(labelNumbers, label => label >= Classes) is >= 0 and var wrong)
            {
                throw new InvalidDataException(
                    $"'{labelFile}' says that image {wrong} is of class {labelNumbers[wrong]}; expected 0 to {Classes - 1}."
                );
            }

            return new(
                pixels,
                numbers,
                [.. Enumerable.Range(0, labelNumbers.Length).Select(i => (long)i)],
                labelNumbers
            );
        }

        public Images Choose(long[] places)
        {
            var index = torch.tensor(places);
            return new(
                Pixels.index_select(0, index),
                Labels.index_select(0, index),
                [.. places.Select(place => Numbers[place])],
                [.. places.Select(place => LabelNumbers[place])]
            );
        }
    }
}
