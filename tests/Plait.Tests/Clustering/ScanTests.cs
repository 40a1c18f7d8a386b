using Plait.Clustering;
using Plait.Networks.Encoders;

namespace Plait.Tests.Clustering;

[Collection("torch")]
public sealed class ScanTests
{
    private const int Side = 16;
    private const int Kinds = 4;

    [Fact]
    public void It_finds_what_images_show_without_a_label()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        var (images, kinds) = Drawings(rows: 400, seed: 5);
        using var scan = new Scan(
            new TinyResNet([1, Side, Side], width: 16, stages: 2, blocks: 1),
            Kinds,
            new ScanOptions
            {
                Views = new ImageViews { SmallestCrop = 0.8, Light = 0.3 },
                StrongViews = new ImageViews
                {
                    SmallestCrop = 0.8,
                    Light = 0.3,
                    Turn = 10,
                    Cover = 0.2,
                },
                PretextEpochs = 25,
                ClusteringEpochs = 50,
                SelfLabellingEpochs = 6,
                BatchSize = 100,
                Neighbours = 10,
                Confidence = 0.9,
            }
        );
        var phases = new List<ScanPhase>();

        scan.Fit(images, new Recorder(phases));

        var (others, truth) = Drawings(rows: 400, seed: 6);
        var found = scan.Assign(others);
        Assert.InRange(ClusteringAccuracy.Of(found, truth), 0.7, 1); // chance comes to 0.25
        Assert.Equal([ScanPhase.Pretext, ScanPhase.Clustering, ScanPhase.SelfLabelling], phases.Distinct());
        var rows = scan.Probabilities(others).sum(1L);
        Assert.True(rows.allclose(torch.ones_like(rows), rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void The_same_seed_gives_the_same_clusters()
    {
        using var scope = torch.NewDisposeScope();
        var (images, _) = Drawings(rows: 40, seed: 5);

        Assert.Equal(Learn(), Learn());

        float[] Learn()
        {
            torch.manual_seed(3);
            using var scan = new Scan(
                new TinyResNet([1, Side, Side], width: 4, stages: 1, blocks: 1),
                Kinds,
                new ScanOptions
                {
                    PretextEpochs = 1,
                    ClusteringEpochs = 1,
                    SelfLabellingEpochs = 1,
                    BatchSize = 20,
                    Neighbours = 3,
                    Confidence = 0.26,
                }
            );
            scan.Fit(images);
            return [.. scan.Probabilities(images).data<float>()];
        }
    }

    [Fact]
    public void More_neighbours_than_images_are_refused()
    {
        using var scan = new Scan(new TinyResNet([1, Side, Side], width: 4, stages: 1, blocks: 1), Kinds);
        Assert.Throws<ArgumentOutOfRangeException>(() => scan.Fit(torch.zeros(5, 1, Side, Side)));
        Assert.Throws<InvalidOperationException>(() => scan.Assign(torch.zeros(5, 1, Side, Side)));
    }

    /// <summary>Rings, discs, crosses and stripes of random places, sizes and brightness, on noise.</summary>
    private static (Tensor Images, int[] Kinds) Drawings(int rows, int seed)
    {
        var random = new Random(seed);
        var pixels = new float[rows * Side * Side];
        var kinds = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            kinds[row] = random.Next(Kinds);
            var (x, y) = (6 + (4 * random.NextDouble()), 6 + (4 * random.NextDouble()));
            var radius = 3.5 + (2 * random.NextDouble());
            var bright = 1.5 + random.NextDouble();
            for (var i = 0; i < Side * Side; i++)
            {
                var (across, down) = ((i % Side) - x, (i / Side) - y);
                var far = Math.Sqrt((across * across) + (down * down));
                var inside = kinds[row] switch
                {
                    0 => far < radius && far > radius - 1.8,
                    1 => far < radius,
                    2 => Math.Max(Math.Abs(across), Math.Abs(down)) < radius
                        && Math.Min(Math.Abs(across), Math.Abs(down)) < 1,
                    _ => far < radius + 1 && (int)Math.Floor((down + 20) / 2) % 2 == 0,
                };
                pixels[(row * Side * Side) + i] = (float)((inside ? bright : 0) + (0.3 * random.NextDouble()) - 0.5);
            }
        }

        return (torch.tensor(pixels).view(rows, 1, Side, Side), kinds);
    }

    private sealed class Recorder(List<ScanPhase> phases) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value) => phases.Add(value.Phase);
    }
}
