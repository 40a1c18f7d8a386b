using Plait.Benchmarks.Vision.Reading;
using Plait.Data;
using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Vision;

/// <summary>Two digits, or two articles of clothing, laid over one another and shrunk: which is left, and which right.</summary>
/// <remarks>
/// Sener &amp; Koltun 2018, <i>Multi-Task Learning as Multi-Objective Optimization</i>, section 5.1: the canvases of
/// <see cref="FashionPairs"/>, shrunk from 36 to 28 pixels by the nearest pixel and standardised by MNIST's mean and deviation.
/// </remarks>
public sealed class MultiMnist : FolderBenchmark
{
    private const int Classes = 10;
    private const int Side = 28;
    private const double Mean = 0.1307; // of MNIST's pixels from 0 to 1, as its public code has them, also for clothes
    private const double Deviation = 0.3081;

    private readonly bool clothes;

    private MultiMnist(bool clothes)
    {
        this.clothes = clothes;
        var (set, source) = clothes
            ? ("Fashion-MNIST", "the Fashion-MNIST repository of Zalando Research (zalandoresearch/fashion-mnist)")
            : ("MNIST", "the MNIST page of Yann LeCun, Corinna Cortes and Christopher Burges");
        Guide = new()
        {
            Source = source,
            Size = $"60,000 training and 10,000 test images of 28 x 28 pixels ({set}), {(clothes ? 31 : 12)} MB packed",
            Files =
            [
                new("train-images-idx3-ubyte.gz", "60,000 images, IDX; packed or not, as all of these"),
                new("train-labels-idx1-ubyte.gz", "their classes"),
                new("t10k-images-idx3-ubyte.gz", "10,000 images for the test"),
                new("t10k-labels-idx1-ubyte.gz", "their classes"),
            ],
            Protocol =
                "each image is left once, with a partner drawn from the same part: 55,000 pairs train, 5,000 validate (the recipe has 60,000 and none), 10,000 test. SGD, rate halved every 30 epochs, 100 epochs, batches of 256. Reported: accuracy of both.",
        };
    }

    /// <summary>Digits.</summary>
    public static MultiMnist Digits { get; } = new(clothes: false);

    /// <summary>Clothing.</summary>
    public static MultiMnist Fashion { get; } = new(clothes: true);

    /// <inheritdoc/>
    public override string Name => clothes ? "multi-fashion" : "multi-mnist";

    /// <inheritdoc/>
    public override string Title => clothes ? "MultiFashion" : "MultiMNIST";

    /// <inheritdoc/>
    public override string Summary =>
        $"Two overlaid {(clothes ? "Fashion-MNIST articles" : "MNIST digits")} on 28 x 28 pixels: the class of each.";

    /// <inheritdoc/>
    public override string Licence => clothes ? "MIT (Zalando SE)" : "CC BY-SA 3.0 (LeCun, Cortes)";

    /// <inheritdoc/>
    public override string Citation =>
        clothes
            ? "Xiao, Rasul, Vollgraf 2017, Fashion-MNIST (arXiv 1708.07747); recipe of Sener and Koltun 2018 (arXiv 1810.04650)"
            : "LeCun, Bottou, Bengio, Haffner 1998, Gradient-based learning applied to document recognition; recipe of Sener and Koltun 2018 (arXiv 1810.04650)";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(LearningTask.Classification("left", Classes), LearningTask.Classification("right", Classes));

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("lenet", BatchSize: 256, Epochs: 100, LearningRate: 1e-3, Patience: 10);

    /// <inheritdoc/>
    public override FolderGuide Guide { get; }

    /// <inheritdoc/>
    protected override DataParts Read(BenchmarkOptions options)
    {
        FolderOf(options);
        var parts = FashionPairs
            .ReadCanvases(options, Name)
            .Select(part =>
                TensorData.Shared(
                    Tasks,
                    ImageFit
                        .Nearest(part.Input, Side, Side)
                        .to(ScalarType.Float32)
                        .div_(byte.MaxValue)
                        .sub_(Mean)
                        .div_(Deviation),
                    [TaskTarget.Of(part.TopLeft), TaskTarget.Of(part.BottomRight)]
                )
            )
            .ToArray();
        return new(parts[0], parts[1], parts[2]);
    }
}
