using Plait.Clustering;
using Plait.Networks.Encoders;
using Plait.Torch;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Clustering;

/// <summary>What the encoder is shown in each part of SCAN, as in the authors' code.</summary>
[Collection("torch")]
public sealed class ScanProtocolTests
{
    private const int Rows = 12;
    private const int Side = 4;

    [Fact]
    public void Clustering_sees_strong_views_alone_and_sure_answers_come_from_the_images_as_they_are()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        var images = torch.randn(Rows, 1, Side, Side);
        var spy = new Spy();
        using var scan = new Scan(
            spy,
            2,
            new ScanOptions
            {
                Views = Still,
                StrongViews = Still with { Cover = 10 }, // all of it
                PretextEpochs = 1,
                ClusteringEpochs = 1,
                SelfLabellingEpochs = 1,
                BatchSize = Rows,
                Neighbours = 3,
                Confidence = 0.1,
            }
        );

        scan.Fit(images);

        Assert.Equal(7, spy.Seen.Count);
        bool[] whole = [.. spy.Seen.Select(seen => seen.SequenceEqual(Sums(images), Nearly.Same))];
        bool[] covered = [.. spy.Seen.Select(seen => seen.All(sum => sum == 0))];
        // Two views of the pretext task; mining; an image and a neighbour; an image and its strong view.
        Assert.Equal([true, true, true, false, false, true, false], whole);
        Assert.Equal([false, false, false, true, true, false, true], covered);
    }

    [Fact]
    public void Neighbours_are_near_in_what_the_pretext_task_compares_and_an_image_is_one_of_its_own()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var encoder = new Spy();
        using var projection = Linear(Side * Side, 2, hasBias: false);
        using (torch.no_grad())
        {
            projection.weight!.zero_();
            projection.weight!.select(0, 0).select(0, 3).fill_(1);
            projection.weight!.select(0, 1).select(0, 7).fill_(1);
        }

        var images = torch.randn(Rows, 1, Side, Side);
        var pixels = images.flatten(1);

        var mined = Scan.Mine(encoder, projection, images, 4);

        var compared = torch.stack([pixels.select(1, 3), pixels.select(1, 7)], 1);
        Assert.True(mined.equal(Neighbours.WithItself(compared, 4)).all().item<bool>());
        Assert.False(mined.equal(Neighbours.WithItself(pixels, 4)).all().item<bool>());
        Assert.Equal(Enumerable.Range(0, Rows).Select(row => (long)row), mined.select(1, 0).data<long>().ToArray());
        Assert.True(mined.narrow(1, 1, 4).equal(Neighbours.Of(compared, 4)).all().item<bool>());
    }

    private static ImageViews Still { get; } =
        new()
        {
            SmallestCrop = 1,
            Mirrors = false,
            Light = 0,
        };

    private static double[] Sums(Tensor images) =>
        [.. Numbers.Read(images.sum([1L, 2L, 3L])).Select(sum => (double)sum).Order()];

    private sealed class Nearly : IEqualityComparer<double>
    {
        public static Nearly Same { get; } = new();

        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-3;

        public int GetHashCode(double obj) => 0;
    }

    /// <summary>An encoder that gives the pixels, and remembers the sums of the images that it is shown.</summary>
    private sealed class Spy : Encoder
    {
        public Spy()
            : base(nameof(Spy), [1, Side, Side], (new Flat(), [Side * Side])) { }

        public List<double[]> Seen { get; } = [];

        public override Tensor forward(Tensor input)
        {
            Seen.Add(Sums(input));
            return base.forward(input);
        }

        protected override Encoder Another() => new Spy();
    }

    private sealed class Flat : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter scale = new(torch.ones(1));

        public Flat()
            : base(nameof(Flat)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input.flatten(1) * scale;
    }
}
