using Plait.Networks.Encoders;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Tests.Networks.Encoders;

/// <summary>Encoders that are made from a loaded one start from its weights too.</summary>
[Collection("torch")]
public sealed class CarriedWeightsTests : IDisposable
{
    private static readonly TaskSet Two = new(LearningTask.Regression("a"), LearningTask.Regression("b"));

    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("resnet18:width=4")]
    [InlineData("hrnet-w18-small:width=4,modules=1-1-1,blocks=1,stem-width=8")]
    [InlineData("segnet:width=4,blocks=3")]
    [InlineData("lenet")]
    public void A_replica_of_a_loaded_encoder_is_loaded_too(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Loaded(name);
        using var replica = encoder.Replicate();
        using var wider = name.StartsWith("lenet", StringComparison.Ordinal)
            ? replica.Replicate()
            : replica.WithInput([3, 40, 36]);

        Assert.True(SmallEncoders.Same(encoder, replica, torch.randn(2, 3, 32, 32)));
        Assert.Equal((path, path), (replica.WeightsFile, wider.WeightsFile));
        Assert.All(
            encoder.parameters().Zip(wider.parameters()),
            pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>())
        );
        Assert.All(
            encoder.parameters().Zip(replica.parameters()),
            pair => Assert.NotEqual(pair.First.Handle, pair.Second.Handle)
        );
    }

    [Fact]
    public void Weights_that_do_not_fit_another_input_are_not_dropped_in_silence()
    {
        using var encoder = Loaded("resnet18:width=4");

        var refused = Assert.Throws<NotSupportedException>(() => encoder.WithInput([5, 32, 32]));

        Assert.Contains(
            "'conv1.weight' is [4, 3, 7, 7] there and would be [4, 5, 7, 7] here",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("resnet50:width=4")]
    [InlineData("hrnet-w18-small:width=4,modules=1-1-1,blocks=1,stem-width=8")]
    public void Units_with_more_in_them_start_from_the_loaded_filters_and_statistics(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Loaded(name);
        using var conditional = encoder.WithUnits(new NormEach());
        var input = torch.randn(2, 3, 32, 32);

        Assert.Equal(path, conditional.WeightsFile);
        Assert.True(SmallEncoders.Same(encoder, conditional, input));
        foreach (var each in conditional.modules().OfType<NormOfTask>())
        {
            each.Task = 1;
        }

        Assert.True(SmallEncoders.Same(encoder, conditional, input));
    }

    [Fact]
    public void Units_without_the_filters_are_refused()
    {
        using var encoder = Loaded("tiny-resnet");

        var refused = Assert.Throws<NotSupportedException>(() => encoder.WithUnits(new Grouping()));

        Assert.Contains("Grouping has no convolution [16, 3, 3, 3]", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("single-task")]
    [InlineData("cross-stitch")]
    public void A_run_starts_every_tower_from_the_file(string network)
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Loaded("resnet18:width=4");
        var run = new RunSpecification
        {
            Network = network,
            Encoder = "resnet18:width=4",
            EncoderWeights = path,
        };

        using var built = RunSpecification.FromJson(run.ToJson()).CreateNetwork(Two, [3, 32, 32]);

        var towers = built.modules().OfType<ResNet18>().ToArray();
        Assert.Equal(2, towers.Length);
        var input = torch.randn(2, 3, 32, 32);
        Assert.All(towers, tower => Assert.True(SmallEncoders.Same(encoder, tower, input)));
    }

    [Fact]
    public void A_trained_network_needs_the_file_no_more()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Loaded("tiny-resnet");
        var run = new RunSpecification { Encoder = "tiny-resnet", EncoderWeights = path };
        var trained = Path.GetTempFileName();
        using var built = run.CreateNetwork(Two, [3, 32, 32]);
        NetworkState.Save(built, trained);

        using var loaded = (run with { EncoderWeights = path + ".gone" }).LoadNetwork(Two, [3, 32, 32], trained);
        File.Delete(trained);

        Assert.True(SmallEncoders.Same(built.EncoderOf(0)!, loaded.EncoderOf(0)!, torch.randn(1, 3, 32, 32)));
        Assert.Throws<FileNotFoundException>(() =>
            (run with { EncoderWeights = path + ".gone" }).CreateNetwork(Two, [3, 32, 32])
        );
    }

    private Encoder Loaded(string name)
    {
        using var saved = SmallEncoders.Trained(name);
        EncoderWeights.Save(saved, path);
        var encoder = SmallEncoders.Create(name);
        EncoderWeights.Load(encoder, path);
        return encoder;
    }

    /// <summary>A convolution with a normalisation for each of two tasks.</summary>
    private sealed class NormEach : ConvolutionUnits
    {
        public override torch.nn.Module<Tensor, Tensor> Unit(ConvolutionShape shape) => new NormOfTask(shape);
    }

    private sealed class NormOfTask : torch.nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Conv2d convolution;
        private readonly TorchSharp.Modules.ModuleList<TorchSharp.Modules.BatchNorm2d> norms;

        public NormOfTask(ConvolutionShape shape)
            : base(nameof(NormOfTask))
        {
            convolution = ConvolutionUnits.Convolution(shape);
            norms = new([torch.nn.BatchNorm2d(shape.Outputs), torch.nn.BatchNorm2d(shape.Outputs)]);
            RegisterComponents();
        }

        public int Task { get; set; }

        public override Tensor forward(Tensor input) => norms[Task].call(convolution.call(input));
    }

    /// <summary>Convolutions of another shape.</summary>
    private sealed class Grouping : ConvolutionUnits
    {
        public override torch.nn.Module<Tensor, Tensor> Unit(ConvolutionShape shape) =>
            torch.nn.Sequential(
                Convolution(shape with { Outputs = 1 }),
                Convolution(shape with { Inputs = 1, Stride = 1 })
            );
    }
}
