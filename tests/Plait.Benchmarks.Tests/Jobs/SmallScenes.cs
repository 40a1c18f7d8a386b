using Plait.Benchmarks.Tests.Vision;
using Plait.Jobs;
using Plait.Training;

namespace Plait.Benchmarks.Tests.Jobs;

/// <summary>A small folder in NYUv2's layout, and trainings on it that take a second.</summary>
/// <remarks>
/// Some pixels have no class; depth is missing in all of some images, in a part of others, and nowhere in most, so that batches come
/// with and without marks, and a network of depth alone learns from fewer rows.
/// </remarks>
internal sealed class SmallScenes : IDisposable
{
    private const int Side = 16;
    private const int Train = 20;
    private const int Test = 5;

    private readonly DataFolder folder = new();

    public SmallScenes()
    {
        foreach (var (part, rows) in new[] { ("train", Train), ("val", Test) })
        {
            for (var row = 0; row < rows; row++)
            {
                Write(part, row, new Random(row));
            }
        }
    }

    public TrainingJob Job { get; init; } =
        new()
        {
            Data = new BenchmarkSource { Benchmark = "nyuv2" },
            Run = new RunSpecification
            {
                Encoder = "tiny-resnet:width=4,stages=1,blocks=1",
                Optimizer = "adam:learning-rate=0.01",
                Epochs = 3,
                BatchSize = 4,
                Seed = 5,
            },
        };

    public TrainingJob In(TrainingJob job, bool rowByRow) =>
        job with
        {
            Data = new BenchmarkSource
            {
                Benchmark = "nyuv2",
                DataDirectory = folder.Path,
                RowByRow = rowByRow,
            },
        };

    public void Dispose() => folder.Dispose();

    private void Write(string part, int row, Random random)
    {
        folder.Write($"{part}/image/{row}.npy", Pictures.Npy([Side, Side, 3], _ => random.NextSingle()));
        folder.Write($"{part}/label/{row}.npy", Pictures.Npy([Side, Side], i => i == row ? -1 : random.Next(13)));
        folder.Write(
            $"{part}/depth/{row}.npy",
            Pictures.Npy(
                [Side, Side, 1],
                i => row % 5 == 2 || (row % 7 == 3 && i < 30) ? 0 : 1 + (3 * random.NextSingle())
            )
        );
        folder.Write($"{part}/normal/{row}.npy", Pictures.Npy([Side, Side, 3], i => new[] { 0, 0.6f, 0.8f }[i % 3]));
    }
}
