using Plait.Benchmarks.Vision.Reading;
using Plait.Data;
using Plait.Data.Augmentation;
using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Benchmarks.Vision;

/// <summary>Forty attributes of celebrities' faces, one yes-or-no task each.</summary>
/// <remarks>
/// Liu et al. 2015, with the official parts; whole aligned pictures brought to 64 x 64 pixels, as Sener &amp; Koltun 2018, section 5.2,
/// do. Pixels are kept as bytes once they were read, 2.5 GB for all of them.
/// </remarks>
public sealed class CelebA : StoredBenchmark
{
    private const long Side = 64;
    private const string AttributeFile = "Anno/list_attr_celeba.txt";
    private const string PartFile = "Eval/list_eval_partition.txt";
    private const string ImageFolder = "Img/img_align_celeba";

    private static readonly string[] Attributes =
    [
        "5_o_Clock_Shadow",
        "Arched_Eyebrows",
        "Attractive",
        "Bags_Under_Eyes",
        "Bald",
        "Bangs",
        "Big_Lips",
        "Big_Nose",
        "Black_Hair",
        "Blond_Hair",
        "Blurry",
        "Brown_Hair",
        "Bushy_Eyebrows",
        "Chubby",
        "Double_Chin",
        "Eyeglasses",
        "Goatee",
        "Gray_Hair",
        "Heavy_Makeup",
        "High_Cheekbones",
        "Male",
        "Mouth_Slightly_Open",
        "Mustache",
        "Narrow_Eyes",
        "No_Beard",
        "Oval_Face",
        "Pale_Skin",
        "Pointy_Nose",
        "Receding_Hairline",
        "Rosy_Cheeks",
        "Sideburns",
        "Smiling",
        "Straight_Hair",
        "Wavy_Hair",
        "Wearing_Earrings",
        "Wearing_Hat",
        "Wearing_Lipstick",
        "Wearing_Necklace",
        "Wearing_Necktie",
        "Young",
    ];

    /// <inheritdoc/>
    public override string Name => "celeba";

    /// <inheritdoc/>
    public override string Title => "CelebA";

    /// <inheritdoc/>
    public override string Summary => "Forty attributes of 202,599 faces of 64 x 64 pixels.";

    /// <inheritdoc/>
    public override string Licence => "for non-commercial research, as its authors state (MMLAB, CUHK)";

    /// <inheritdoc/>
    public override string Citation =>
        "Liu, Luo, Wang, Tang 2015, Deep learning face attributes in the wild, ICCV (arXiv 1411.7766)";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } =
        new(
            Attributes.Select(name =>
                LearningTask.Binary(
                    name.ToLowerInvariant().Replace('_', '-'),
                    metrics: [new Accuracy(), new AreaUnderRoc()]
                )
            )
        );

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("resnet18", BatchSize: 256, Epochs: 100, LearningRate: 5e-4, Patience: 10);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["official"];

    /// <inheritdoc/>
    public override ImageAugmentation? Augmentation => ImageAugmentation.Flip;

    /// <inheritdoc/>
    public override IReadOnlyList<TargetGeometry> Geometry => [.. Tasks.Select(_ => TargetGeometry.None)];

    /// <inheritdoc/>
    public override FolderGuide Guide { get; } =
        new()
        {
            Source = "the CelebA page of the Multimedia Laboratory, The Chinese University of Hong Kong",
            Size = "202,599 pictures of 178 x 218 pixels, 1.4 GB: 162,770 training, 19,867 validation, 19,962 test",
            Files =
            [
                new("Img/img_align_celeba/{number}.jpg", "aligned and cropped faces, 000001.jpg and on"),
                new(
                    "Anno/list_attr_celeba.txt",
                    "count; the names of the 40 attributes; a line a picture: file name, 40 of 1 and -1"
                ),
                new(
                    "Eval/list_eval_partition.txt",
                    "a line a picture: file name, 0 (train), 1 (validation) or 2 (test)"
                ),
            ],
            Protocol =
                "the official parts. Pictures are shrunk to 64 x 64 pixels (Sener and Koltun 2018). Reported: accuracy or error of each attribute and their mean.",
        };

    /// <inheritdoc/>
    protected override StoredParts OpenFolder(string directory, BenchmarkOptions options)
    {
        var attributes = ReadAttributes(Path.Combine(directory, AttributeFile));
        var listed = ReadParts(Path.Combine(directory, PartFile), attributes);
        var images = Path.Combine(directory, ImageFolder);
        FolderFiles.RequireAll(images, "", listed.SelectMany(part => part), $"'{PartFile}' names it");
        var kind = ImageKind.Colour(Side, ImageFit.Stretch);
        ImageRows[] parts =
        [
            .. listed.Select(part => new ImageRows(
                RowStreams.Shared(Tasks),
                [part.Select(name => Path.Combine(images, name))],
                kind,
                (task, row) => torch.tensor(attributes[part[(int)row]][task] ? 1f : 0f)
            )),
        ];
        return new(parts[0], parts[1], parts[2]);
    }

    private static Dictionary<string, bool[]> ReadAttributes(string path)
    {
        var lines = FolderFiles.Lines(path);
        if (lines.Count < 3 || !Words(lines[1].Text).SequenceEqual(Attributes))
        {
            throw FolderFiles.Fault(
                path,
                2,
                lines.Count < 2 ? "no line" : $"'{lines[1].Text}'",
                $"the names of the {Attributes.Length} attributes, {Attributes[0]} to {Attributes[^1]}"
            );
        }

        var attributes = new Dictionary<string, bool[]>();
        foreach (var (number, text) in lines.Skip(2))
        {
            var words = Words(text);
            if (words.Length != Attributes.Length + 1 || words.Skip(1).Any(word => word is not ("1" or "-1")))
            {
                throw FolderFiles.Fault(
                    path,
                    number,
                    $"{words.Length} words, {words.Skip(1).FirstOrDefault(word => word is not ("1" or "-1")) ?? "1 and -1"} among them",
                    $"a file name and {Attributes.Length} of 1 and -1"
                );
            }

            attributes[words[0]] = [.. words.Skip(1).Select(word => word == "1")];
        }

        return lines[0].Text == attributes.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)
            ? attributes
            : throw FolderFiles.Fault(
                path,
                1,
                $"'{lines[0].Text}'",
                $"{attributes.Count}, the number of pictures below"
            );
    }

    private static List<string>[] ReadParts(string path, Dictionary<string, bool[]> attributes)
    {
        List<string>[] parts =
        [
            [],
            [],
            [],
        ];
        foreach (var (number, text) in FolderFiles.Lines(path))
        {
            var words = Words(text);
            if (words is not [var name, "0" or "1" or "2"])
            {
                throw FolderFiles.Fault(path, number, $"'{text}'", "a file name and 0, 1 or 2");
            }

            if (!attributes.ContainsKey(name))
            {
                throw FolderFiles.Fault(path, number, $"'{name}'", $"a picture that '{AttributeFile}' lists");
            }

            parts[words[1][0] - '0'].Add(name);
        }

        return Array.FindIndex(parts, part => part.Count == 0) is >= 0 and var empty
            ? throw new InvalidDataException($"'{path}' has no picture of part {empty}; expected some of 0, 1 and 2.")
            : parts;
    }

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
