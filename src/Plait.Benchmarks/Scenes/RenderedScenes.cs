using Plait.Benchmarks.Reading;
using Plait.Benchmarks.Scenes.Rendering;
using Plait.Data;
using Plait.Data.Augmentation;
using Plait.Jobs;
using Plait.Tasks;

namespace Plait.Benchmarks.Scenes;

/// <summary>Rendered rooms and streets of 64 x 64 pixels, with seven dense tasks whose ground truth is exact.</summary>
/// <remarks>
/// The scenes are drawn and rendered by the library (see docs/vision/scenes.md), once: the set is kept in the user's cache folder, or
/// in the data directory where one is given. They are the same for every seed; the seed divides them, in proportion by world and
/// domain. Depth is learned in units of 10 metres; sky has neither depth nor normal. Images are standardised by channel over the
/// training part.
/// </remarks>
public sealed class RenderedScenes : Benchmark
{
    private const int DefaultRows = 1200;
    private const int Side = 64;
    private const long DrawnFrom = 0;
    private const string AcrossDomains = "day-to-dusk";
    private const string RoomsAlone = "rooms";
    private const string StreetsAlone = "streets";

    private static readonly double[] Fractions = [8 / 12.0, 1 / 12.0, 3 / 12.0];
    private static readonly double[] TrainFractions = [8 / 9.0, 1 / 9.0];

    /// <summary>What the classes of the task "segmentation" mean, from 0.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = Names<SemanticClass>();

    /// <summary>What the classes of the task "parts" mean, from 0.</summary>
    public static IReadOnlyList<string> PartNames { get; } = Names<Part>();

    /// <inheritdoc/>
    public override string Name => "scenes";

    /// <inheritdoc/>
    public override string Title => "Rendered scenes";

    /// <inheritdoc/>
    public override string Summary =>
        "Rendered rooms and streets on 64 x 64 pixels: seven dense tasks with exact labels.";

    /// <inheritdoc/>
    public override string Licence => "MIT (rendered by this library)";

    /// <inheritdoc/>
    public override string Citation => "none: this library renders them";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } = SceneTasks.Create();

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("tiny-resnet", BatchSize: 16, Epochs: 20, LearningRate: 1e-3, Patience: 5);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = ["standard", AcrossDomains, RoomsAlone, StreetsAlone];

    /// <inheritdoc/>
    public override IReadOnlyList<TargetGeometry> Geometry { get; } =
    [
        TargetGeometry.Labels,
        TargetGeometry.Labels,
        TargetGeometry.Depth,
        TargetGeometry.NormalsUp,
        TargetGeometry.Labels,
        TargetGeometry.Labels,
        TargetGeometry.Labels,
    ];

    /// <inheritdoc/>
    protected override DataParts Read(BenchmarkOptions options)
    {
        if (options.DataDirectory is { } folder && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"There is no folder '{folder}' to keep rendered scenes in; make it first."
            );
        }

        var cache = new SceneCache(
            options.DataDirectory ?? SceneCache.UserDirectory(Environment.GetEnvironmentVariable)
        );
        var set = cache.Get(options.Rows ?? DefaultRows, Side, DrawnFrom);
        var tensors = new SceneTensors(set, Tasks);
        var rows = Divide(set.Count, options);
        var standardisation = ImageStandardisation.Of(tensors.Images(rows[0]));
        return new(
            tensors.Of(rows[0], standardisation),
            tensors.Of(rows[1], standardisation),
            tensors.Of(rows[2], standardisation)
        );
    }

    /// <summary>The scenes of the training, validation and test part.</summary>
    internal static IReadOnlyList<long[]> Divide(int count, BenchmarkOptions options) =>
        options.Split switch
        {
            AcrossDomains =>
            [
                .. Divide(count, IsDay, TrainFractions, options.Seed),
                [.. All(count).Where(scene => !IsDay(scene))],
            ],
            RoomsAlone => Divide(count, IsRoom, Fractions, options.Seed),
            StreetsAlone => Divide(count, scene => !IsRoom(scene), Fractions, options.Seed),
            _ => Divide(count, _ => true, Fractions, options.Seed),
        };

    private static IReadOnlyList<long[]> Divide(int count, Func<long, bool> takesPart, double[] fractions, long seed)
    {
        long[] scenes = [.. All(count).Where(takesPart)];
        var kinds = Array.ConvertAll(scenes, scene => (2L * (IsRoom(scene) ? 1 : 0)) + (IsDay(scene) ? 1 : 0));
        return
        [
            .. Splits.Stratified(kinds, fractions, seed).Select(part => part.Select(place => scenes[place]).ToArray()),
        ];
    }

    private static IEnumerable<long> All(int count) => Enumerable.Range(0, count).Select(scene => (long)scene);

    private static bool IsRoom(long scene) => SceneSet.WorldOf((int)scene) == World.Room;

    private static bool IsDay(long scene) => SceneSet.DomainOf((int)scene) == Domain.Day;

    private static string[] Names<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];
}
