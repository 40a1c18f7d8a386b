using System.Globalization;
using Plait.Benchmarks.Vision.Reading;
using Plait.Data;
using Plait.Data.Augmentation;
using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Vision;

/// <summary>The same things of an office in several kinds of pictures; each kind is a task with images of its own.</summary>
/// <remarks>
/// Office-31 (Saenko et al. 2010) and Office-Home (Venkateswara et al. 2017), with the lists of LibMTL (Lin &amp; Zhang 2023), which
/// divide each domain 60/20/20. Images are brought to 224 x 224 pixels.
/// </remarks>
public sealed class Office : StoredBenchmark
{
    private const long DefaultSide = 224;

    private readonly string[] domains;
    private readonly int classes;
    private readonly long side;

    private Office(
        string name,
        string title,
        string[] domains,
        int classes,
        string citation,
        string size,
        string source,
        long side
    )
    {
        Name = name;
        Title = title;
        this.domains = domains;
        this.classes = classes;
        this.side = side;
        Citation = citation;
        Summary = $"{classes} classes of things in pictures of {domains.Length} kinds, each with images of its own.";
        Tasks = new(
            domains.Select(domain => LearningTask.Classification(domain.ToLowerInvariant().Replace('_', '-'), classes))
        );
        Guide = new()
        {
            Source =
                $"{source}; the lists: the LibMTL repository (median-research-group/LibMTL), examples/office/data_txt/{name}",
            Size = size,
            Files =
            [
                new(
                    $"{{{string.Join(',', domains)}}}_{{train,val,test}}.txt",
                    $"the lists: a line an image, its path relative to the folder and its class, 0 to {classes - 1}"
                ),
                new(
                    name == "office-31" ? "{domain}/images/{class}/{name}.jpg" : "{domain}/{class}/{name}.jpg",
                    name == "office-home"
                        ? "images, as the lists name them: rename the folder Real World as Real_World"
                        : "images, as the lists name them"
                ),
            ],
            Protocol =
                "60/20/20 in each domain by the lists. Images of 224 x 224 pixels; LibMTL trains an ImageNet-initialised ResNet-18 with Adam, rate 0.0001, 100 epochs, batches of 64. Reported: accuracy of each domain and their mean.",
        };
    }

    /// <summary>Office-31: Amazon's pictures, those of a camera, and those of a webcam.</summary>
    public static Office Of31 { get; } = Create31(DefaultSide);

    /// <summary>Office-Home: art, clip art, products, photographs.</summary>
    public static Office Home { get; } =
        new(
            "office-home",
            "Office-Home",
            ["Art", "Clipart", "Product", "Real_World"],
            65,
            "Venkateswara, Eusebio, Chakraborty, Panchanathan 2017, Deep hashing network for unsupervised domain adaptation, CVPR (arXiv 1706.07522)",
            "15,588 pictures of about 800 x 600 pixels, 1.1 GB: Art 2,427, Clipart 4,365, Product 4,439, Real World 4,357",
            "the Office-Home page of Hemanth Venkateswara (hemanthdv.github.io)",
            DefaultSide
        );

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Title { get; }

    /// <inheritdoc/>
    public override string Summary { get; }

    /// <inheritdoc/>
    public override string Licence => "none stated by its authors; for non-commercial research";

    /// <inheritdoc/>
    public override string Citation { get; }

    /// <inheritdoc/>
    public override TaskSet Tasks { get; }

    /// <inheritdoc/>
    public override RowStreams Streams => RowStreams.PerTask(Tasks);

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("resnet18", BatchSize: 64, Epochs: 100, LearningRate: 1e-4, Patience: 100);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["libmtl"];

    /// <inheritdoc/>
    public override ImageAugmentation? Augmentation => ImageAugmentation.Flip;

    /// <inheritdoc/>
    public override IReadOnlyList<TargetGeometry> Geometry => [.. Tasks.Select(_ => TargetGeometry.None)];

    /// <inheritdoc/>
    public override FolderGuide Guide { get; }

    internal static Office Create31(long side) =>
        new(
            "office-31",
            "Office-31",
            ["amazon", "dslr", "webcam"],
            31,
            "Saenko, Kulis, Fritz, Darrell 2010, Adapting visual category models to new domains, ECCV",
            "4,110 pictures, 80 MB: amazon 2,817, dslr 498, webcam 795",
            "the Office-31 page of Kate Saenko, \"Adapting visual category models to new domains\"",
            side
        );

    /// <inheritdoc/>
    protected override StoredParts OpenFolder(string directory, BenchmarkOptions options)
    {
        var kind = ImageKind.Colour(side, ImageFit.Stretch);
        return new(Part("train"), Part("val"), Part("test"));

        ImageRows Part(string part) =>
            ImageRows.Classes(
                Tasks,
                [
                    .. domains.Select(domain =>
                        FolderFiles
                            .Lines(Path.Combine(directory, $"{domain}_{part}.txt"))
                            .Select(line => Row(directory, $"{domain}_{part}.txt", line.Number, line.Text))
                            .ToArray()
                    ),
                ],
                kind
            );
    }

    private (string Path, long Class) Row(string directory, string list, int number, string text)
    {
        var space = text.LastIndexOf(' ');
        if (
            space <= 0
            || !int.TryParse(text[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var label)
            || label >= classes
        )
        {
            throw FolderFiles.Fault(
                Path.Combine(directory, list),
                number,
                $"'{text}'",
                $"the path of an image and its class, 0 to {classes - 1}"
            );
        }

        var path = Path.Combine(directory, text[..space]);
        return File.Exists(path)
            ? (path, label)
            : throw new FileNotFoundException(
                $"There is no image '{path}', though line {number} of '{list}' names it.",
                path
            );
    }
}
