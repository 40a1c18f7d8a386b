using System.Text.RegularExpressions;
using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Networks.PredictionDistillation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks.PredictionDistillation;

/// <summary>What holds for every network whose dense tasks exchange.</summary>
[Collection("torch")]
public sealed class DistillationNetworkTests
{
    private static readonly LearningTask First = Map("first", 2);
    private static readonly LearningTask Second = Map("second", 2);

    public static TheoryData<string> Networks =>
        [
            .. MethodCatalog
                .Of(MethodKind.Architecture)
                .Where(entry => entry.Type.IsAssignableTo(typeof(DistillationNetwork)))
                .Select(entry => entry.Name),
        ];

    /// <summary>Networks in which no task comes before another.</summary>
    public static TheoryData<string> WithoutOrder => [.. Networks.Select(row => row.Data).Except(["jtrl", "mti-net"])];

    [Theory]
    [MemberData(nameof(Networks))]
    public void One_dense_task_has_its_decoder_to_itself(string name)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(First, LearningTask.Classification("kind", 3));
        using var network = Create(name, tasks);
        using var batch = Images(tasks);
        using var storage = NetworkStorage.Create(network); // fails on a parameter that nobody or two claim

        var outputs = network.Forward(batch, tasks.All);

        Assert.Equal([4L, 2, 16, 16], outputs[0].shape);
        Assert.Equal([4L, 3], outputs[1].shape);
        (Scalar(outputs, 0) + Scalar(outputs, 1)).backward();
        Assert.All(network.parameters(), parameter => Assert.NotNull(parameter.grad));
        Assert.All(
            network.SharedParameters,
            parameter => Assert.Contains(parameter, network.children().OfType<Encoder>().Single().parameters())
        );
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Without_a_dense_task_heads_pool_the_shared_map(string name)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Classification("kind", 3), LearningTask.Binary("sold"));
        using var network = Create(name, tasks);
        using var batch = Images(tasks);
        var outputs = network.Forward(batch, tasks.All);
        Assert.Equal([4L, 3], outputs[0].shape);
        Assert.Equal([4L, 1], outputs[1].shape);
        Assert.Equal(2, network.ParametersOf(0).Count());
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_dense_tasks_answer_changes_with_the_other_ones_features(string name)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(First, Second, Map("third", 1));
        using var network = Create(name, tasks);
        network.eval();
        using var batch = Images(tasks);
        // JTRL's first task hears of the others only from the coarser scale.
        var before = network.Forward(batch, tasks.Select(0))[0].clone();
        using var noGrad = torch.no_grad();
        var last = network.ParametersOf(2).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var (parameterName, parameter) in network.named_parameters())
        {
            // A branch's own weights are named by its task, after those of the module that holds it.
            if (Regex.IsMatch(parameterName, @"^(branches|keys|levels\.[1-9]|states\.1|scales\.\d+\.refinements)\.2\."))
            {
                Assert.DoesNotContain(parameter, last);
                parameter.add_(torch.randn_like(parameter));
            }
        }

        Assert.False(before.allclose(network.Forward(batch, tasks.Select(0))[0]));
    }

    [Theory]
    [MemberData(nameof(WithoutOrder))]
    public void Two_tasks_that_change_places_change_answers(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name, new TaskSet(First, Second));
        using var turned = Create(name, new TaskSet(Second, First));
        using var noGrad = torch.no_grad();
        var values = network.state_dict();
        foreach (var (parameterName, value) in turned.state_dict())
        {
            // The task is the last number before its own modules' names; messages have one source each.
            var other = Regex.Replace(
                parameterName,
                @"^((?:branches|predictions|lastHeads|units|keys|propagations|diffusions|levels\.\d+|exchanges\.\d+)\.)([01])\.",
                match => $"{match.Groups[1].Value}{1 - int.Parse(match.Groups[2].Value, null)}."
            );
            value.copy_(values[other]);
        }

        network.eval();
        turned.eval();
        using var batch = Images(network.Tasks);
        var (a, b) = (network.Forward(batch, network.Tasks.All), turned.Forward(batch, turned.Tasks.All));
        Assert.True(a[0].allclose(b[1], 1e-4, 1e-5));
        Assert.True(a[1].allclose(b[0], 1e-4, 1e-5));
        Assert.False(a[0].allclose(b[0], 1e-2, 1e-2));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Another_dense_head_reads_what_the_network_says_it_reads(string name)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(First, Second);
        torch.manual_seed(2);
        using var network = MethodCatalog.Create<MultiTaskNetwork>(
            name,
            tasks,
            Encoder(),
            new ConvolutionHead(width: 5)
        );
        Assert.Contains(network.parameters(), parameter => parameter.dim() == 4 && parameter.size(0) == 5);
        using var batch = Images(tasks);
        var outputs = network.Forward(batch, tasks.All);
        for (var task = 0; task < 2; task++)
        {
            Assert.Equal([4L, 2, 16, 16], outputs[task].shape);
            Assert.Equal(network.FeatureSpecOf(task)!.Shape!, outputs.FeaturesOf(task)!.Values.shape.Skip(1));
        }
    }

    [Theory]
    [InlineData("mti-net", 2)]
    [InlineData("jtrl", 1)]
    [InlineData("dense-mtl", 1)]
    [InlineData("pad-net", 1)]
    public void Every_early_prediction_is_a_further_answer(string name, int count)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(First, Second);
        using var network = Create(name, tasks);
        using var batch = Images(tasks);
        Assert.Equal(count, network.Forward(batch, tasks.All).AuxiliaryOutputsOf(1).Count);
    }

    [Theory]
    [InlineData("mti-net", 1)]
    [InlineData("jtrl", 0)]
    [InlineData("dense-mtl", 1)]
    public void An_encoder_of_one_scale_will_do(string name, int early)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(First, Second);
        torch.manual_seed(2);
        using var network = MethodCatalog.Create<MultiTaskNetwork>(
            name,
            tasks,
            new TinyResNet([3, 16, 16], width: 4, stages: 1, blocks: 1)
        );
        using var batch = Images(tasks);
        var outputs = network.Forward(batch, tasks.All);
        Assert.Equal([4L, 2, 16, 16], outputs[1].shape);
        Assert.Equal(early, outputs.AuxiliaryOutputsOf(1).Count);
        using var storage = NetworkStorage.Create(network);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Parallel_scales_and_full_sized_maps_will_do(string name)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(First, Second, LearningTask.Classification("kind", 3));
        Encoder[] encoders =
        [
            new HrNet([3, 32, 32], width: 4, blocks: 1, stemWidth: 4),
            new SegNet([3, 16, 16], width: 4, blocks: 2),
        ];
        foreach (var encoder in encoders)
        {
            torch.manual_seed(2);
            using var network = MethodCatalog.Create<MultiTaskNetwork>(name, tasks, encoder);
            using var batch = MultiTaskBatch.Unlabelled(tasks.All, torch.randn([4, .. encoder.InputShape]));
            var outputs = network.Forward(batch, tasks.All);
            Enumerable.Range(0, 3).Select(task => Scalar(outputs, task)).Aggregate((a, b) => a + b).backward();
            Assert.All(network.parameters(), parameter => Assert.NotNull(parameter.grad));
            Assert.Equal([4L, 2, encoder.InputShape[1], encoder.InputShape[2]], outputs[1].shape);
        }
    }

    [Fact]
    public void A_pyramid_can_stand_on_the_coarsest_map()
    {
        var tasks = new TaskSet(First, Second);
        using var network = new DenseMtl(tasks, Encoder(), rates: [1, 2]);
        Assert.Equal(2, network.modules().OfType<AtrousPyramid>().Count());
    }

    [Theory]
    [InlineData("pad-net:width=18", "multiple of 4 channels")]
    [InlineData("pap-net:beta=1.5", "from 0 to 1")]
    [InlineData("pap-net:pixels=5000", "1 to 4096 pixels")]
    [InlineData("pap-net:iterations=0", "iterations")]
    [InlineData("psd:window=4", "odd number of pixels")]
    [InlineData("psd:rounds=0", "rounds")]
    [InlineData("mti-net:width=0", "width")]
    [InlineData("jtrl:width=0", "width")]
    [InlineData("dense-mtl:exchanges=2", "1 to 1 can end in an exchange")]
    [InlineData("dense-mtl:downscale=0", "downscale")]
    [InlineData("dense-mtl:decoder-widths=8", "2 levels; give that many widths")]
    public void An_option_out_of_range_is_refused_with_what_it_takes(string specification, string said)
    {
        using var encoder = Encoder();
        var refused = Assert.Throws<FormatException>(() =>
            MethodCatalog.Create<MultiTaskNetwork>(specification, new TaskSet(First, Second), encoder)
        );
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_of_too_many_pixels_are_refused_and_fit_by_default()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(First, Second);
        using var large = new TinyResNet([3, 512, 512], width: 1, stages: 1, blocks: 1); // a map of 256 x 256
        using var fitting = new DenseMtl(tasks, large);
        var refused = Assert.Throws<ArgumentException>(() => new DenseMtl(tasks, large, downscale: 2));
        Assert.Contains("choose a larger downscale", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pixels_of_large_maps_are_compared_on_a_coarser_grid()
    {
        Assert.Equal([10L, 20], PixelPairs.GridOf(10, 20, 200));
        Assert.Equal([5L, 10], PixelPairs.GridOf(10, 20, 199));
        Assert.Equal([4L, 7], PixelPairs.GridOf(10, 20, 49));

        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(First, Second);
        torch.manual_seed(2);
        using var network = new PapNet(tasks, Encoder(), pixels: 4, beta: 0);
        torch.manual_seed(2);
        using var fine = new PapNet(tasks, Encoder(), beta: 0);
        using var batch = Images(tasks);
        // Where nothing is propagated, the grid plays no part.
        Assert.True(
            network.Forward(batch, tasks.All)[0].allclose(fine.Forward(batch, tasks.All)[0], rtol: 1e-4, atol: 1e-5)
        );
    }

    [Fact]
    public void Products_of_pixels_count_among_the_multiply_adds()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(First, Second);
        // A map of 4 x 4 pixels with branches of 16 channels and 8 keys.
        var branches = Count("pad-net:distillation=messages") - (2 * 16 * 16 * 9 * 16);
        var keys = 2 * 16 * 16 * 8;
        Assert.Equal(
            branches + keys + (2 * 16 * 16 * 8) + (2 * ((2 * 16 * 16) + (16 * 16 * 16))),
            Count("pap-net:iterations=1")
        );
        var spread = 2 * (2 * 16 * 16 * 16 + (2 * 9 * 16 * 16)); // two convolutions and two sums over windows
        Assert.Equal(branches + keys + (2 * 9 * 16 * 8) + spread, Count("psd:rounds=1"));
        // Two messages at 8 x 8 pixels, compared at 4 x 4.
        var correlated = Count("dense-mtl:attention=both") - Count("dense-mtl:attention=self");
        var projections = 2 * ((3 * 32 * 32 * 16) + (32 * 32 * 64));
        Assert.Equal((2 * 2 * 32 * 16 * 16) + projections, correlated);

        long Count(string specification) =>
            Macs.Of(MethodCatalog.Create<MultiTaskNetwork>(specification, tasks, Encoder()), [3, 16, 16]);
    }

    private static MultiTaskNetwork Create(string name, TaskSet tasks)
    {
        torch.manual_seed(2);
        return MethodCatalog.Create<MultiTaskNetwork>(name, tasks, Encoder());
    }

    private static TinyResNet Encoder() => new([3, 16, 16], width: 4, stages: 2, blocks: 1);

    private static MultiTaskBatch Images(TaskSet tasks)
    {
        torch.manual_seed(3);
        return MultiTaskBatch.Unlabelled(tasks.All, torch.randn(4, 3, 16, 16));
    }

    private static LearningTask Map(string name, int channels) =>
        new(name, new Numeric(channels, Layout.Pixel), new AbsoluteError(), [new MeanAbsoluteError()]);
}
