using System.Globalization;
using Plait.Benchmarks.Vision.Reading;
using Plait.Data;
using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Vision;

/// <summary>The handwritten characters of all fifty alphabets; each alphabet is a task with images of its own.</summary>
/// <remarks>
/// Lake, Salakhutdinov, Tenenbaum 2015; read as <see cref="Omniglot8"/> is: ink bright, areas of 105 x 105 pixels averaged to 28 x 28,
/// drawers 1 to 10 for training, 11 to 14 for validation, 15 to 20 for the test. There is no chance in this split.
/// </remarks>
public sealed class Omniglot : StoredBenchmark
{
    private const long Side = 28;
    private const int Drawers = 20;
    private const int LastTrainingDrawer = 10;
    private const int LastValidationDrawer = 14;
    private const string Ending = ".png";

    private static readonly string[] Sets = ["images_background", "images_evaluation"];

    private static readonly (string Folder, int Characters)[] AllAlphabets =
    [
        ("Alphabet_of_the_Magi", 20),
        ("Anglo-Saxon_Futhorc", 29),
        ("Arcadian", 26),
        ("Armenian", 41),
        ("Asomtavruli_(Georgian)", 40),
        ("Balinese", 24),
        ("Bengali", 46),
        ("Blackfoot_(Canadian_Aboriginal_Syllabics)", 14),
        ("Braille", 26),
        ("Burmese_(Myanmar)", 34),
        ("Cyrillic", 33),
        ("Early_Aramaic", 22),
        ("Futurama", 26),
        ("Grantha", 43),
        ("Greek", 24),
        ("Gujarati", 48),
        ("Hebrew", 22),
        ("Inuktitut_(Canadian_Aboriginal_Syllabics)", 16),
        ("Japanese_(hiragana)", 52),
        ("Japanese_(katakana)", 47),
        ("Korean", 40),
        ("Latin", 26),
        ("Malay_(Jawi_-_Arabic)", 40),
        ("Mkhedruli_(Georgian)", 41),
        ("N_Ko", 33),
        ("Ojibwe_(Canadian_Aboriginal_Syllabics)", 14),
        ("Sanskrit", 42),
        ("Syriac_(Estrangelo)", 23),
        ("Tagalog", 17),
        ("Tifinagh", 55),
        ("Angelic", 20),
        ("Atemayar_Qelisayer", 26),
        ("Atlantean", 26),
        ("Aurek-Besh", 26),
        ("Avesta", 26),
        ("Ge_ez", 26),
        ("Glagolitic", 45),
        ("Gurmukhi", 45),
        ("Kannada", 41),
        ("Keble", 26),
        ("Malayalam", 47),
        ("Manipuri", 40),
        ("Mongolian", 30),
        ("Old_Church_Slavonic_(Cyrillic)", 45),
        ("Oriya", 46),
        ("Sylheti", 28),
        ("Syriac_(Serto)", 23),
        ("Tengwar", 25),
        ("Tibetan", 42),
        ("ULOG", 26),
    ];

    private readonly (string Folder, int Characters)[] alphabets;

    /// <summary>All fifty alphabets.</summary>
    public Omniglot()
        : this(AllAlphabets) { }

    internal Omniglot((string Folder, int Characters)[] alphabets)
    {
        this.alphabets = alphabets;
        Tasks = new(
            alphabets.Select(alphabet => LearningTask.Classification(TaskName(alphabet.Folder), alphabet.Characters))
        );
    }

    /// <inheritdoc/>
    public override bool HasPlainImages => false; // of one channel

    /// <inheritdoc/>
    public override string Name => "omniglot";

    /// <inheritdoc/>
    public override string Title => "Omniglot, fifty alphabets";

    /// <inheritdoc/>
    public override string Summary =>
        "Characters of fifty alphabets, each with images of its own, by drawers never seen before.";

    /// <inheritdoc/>
    public override string Licence => "MIT (Brenden Lake)";

    /// <inheritdoc/>
    public override string Citation =>
        "Lake, Salakhutdinov, Tenenbaum 2015, Human-level concept learning through probabilistic program induction, Science 350";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; }

    /// <inheritdoc/>
    public override RowStreams Streams => RowStreams.PerTask(Tasks);

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("lenet:dropout=0.1", BatchSize: 16, Epochs: 40, LearningRate: 2e-3, Patience: 8);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["drawers"];

    /// <inheritdoc/>
    public override FolderGuide Guide { get; } =
        new()
        {
            Source =
                "the Omniglot repository of Brenden Lake (brendenlake/omniglot), python/images_background.zip and python/images_evaluation.zip",
            Size = "32,460 drawings of 105 x 105 pixels of 1,623 characters, 15 MB packed",
            Files =
            [
                new(
                    "images_background/{alphabet}/character{nn}/{id}_{drawer}.png",
                    "30 alphabets; drawer from 01 to 20"
                ),
                new("images_evaluation/{alphabet}/character{nn}/{id}_{drawer}.png", "20 alphabets"),
            ],
            Protocol =
                "drawers 1 to 10 train, 11 to 14 validate, 15 to 20 test, in both folders. Areas are averaged to 28 x 28 pixels, ink bright. Reported: accuracy of each alphabet and their mean.",
        };

    internal static string TaskName(string folder) =>
        folder
            .ToLowerInvariant()
            .Replace("(", "", StringComparison.Ordinal)
            .Replace(")", "", StringComparison.Ordinal)
            .Replace("_-_", "-", StringComparison.Ordinal)
            .Replace('_', '-');

    /// <inheritdoc/>
    protected override StoredParts OpenFolder(string directory, BenchmarkOptions options)
    {
        var drawings = alphabets
            .Select(alphabet => Drawings(directory, alphabet.Folder, alphabet.Characters))
            .ToArray();
        var kind = new ImageKind([1, Side, Side], Read, new PixelCache(long.MaxValue));
        return new(
            Part(drawer => drawer <= LastTrainingDrawer),
            Part(drawer => drawer is > LastTrainingDrawer and <= LastValidationDrawer),
            Part(drawer => drawer > LastValidationDrawer)
        );

        StoredData Part(Func<int, bool> isIn) =>
            ImageRows.Classes(
                Tasks,
                [
                    .. drawings.Select(own =>
                        own.Where(one => isIn(one.Drawer)).Select(one => (one.Path, one.Character)).ToArray()
                    ),
                ],
                kind
            );
    }

    private (string Path, long Character, int Drawer)[] Drawings(string directory, string alphabet, int expected)
    {
        var folder =
            Sets.Select(set => Path.Combine(directory, set, alphabet)).FirstOrDefault(Directory.Exists)
            ?? throw new DirectoryNotFoundException(
                $"There is no folder '{alphabet}' in '{Path.Combine(directory, Sets[0])}' or '{Path.Combine(directory, Sets[1])}'; `plait data describe {Name}` says what goes there."
            );
        var characters = FolderFiles.Folders(folder);
        if (characters.Length != expected)
        {
            throw new InvalidDataException(
                $"'{folder}' holds {characters.Length} characters; expected {expected} folders, one a character."
            );
        }

        return
        [
            .. characters.SelectMany(
                (character, number) =>
                    FolderFiles
                        .Names(Path.Combine(folder, character), Ending)
                        .Order(StringComparer.Ordinal)
                        .Select(name => Path.Combine(folder, character, name + Ending))
                        .Select(path => (path, (long)number, DrawerOf(path)))
            ),
        ];
    }

    private static int DrawerOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return
            int.TryParse(
                name.AsSpan(name.LastIndexOf('_') + 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var drawer
            ) && drawer is >= 1 and <= Drawers
            ? drawer
            : throw new InvalidDataException(
                $"'{path}' does not say who drew it; expected a name such as 0001_07{Ending}, with a drawer from 01 to {Drawers}."
            );
    }

    private static Tensor Read(string path)
    {
        using var scope = torch.NewDisposeScope();
        var paper = ImageFile.ReadColour(path).narrow(0, 0, 1);
        if (paper.size(1) != paper.size(2))
        {
            throw new InvalidDataException(
                $"'{path}' is {paper.size(1)} x {paper.size(2)} pixels; expected a square, such as 105 x 105."
            );
        }

        return ImageFit.Stretch(paper.bitwise_xor(byte.MaxValue), Side).MoveToOuterDisposeScope();
    }
}
