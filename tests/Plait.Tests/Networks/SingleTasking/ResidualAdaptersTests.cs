using Plait.Networks.Encoders;
using Plait.Networks.SingleTasking;
using Plait.Training;
using static Plait.Tests.Networks.SingleTasking.SmallMaps;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Networks.SingleTasking;

[Collection("torch")]
public sealed class ResidualAdaptersTests
{
    [Theory]
    [InlineData(AdapterForm.Series)]
    [InlineData(AdapterForm.Parallel)]
    public void A_trained_encoder_starts_as_it_was(AdapterForm form)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var encoder = Trained(stages: 3);
        using var network = new ResidualAdapters(Two, encoder, form);
        network.eval();
        var images = Images(3);
        var expected = encoder.Features(images);
        var outputs = Run(network, images, 0, 1);
        Assert.Equal(0, Difference(expected, outputs.FeaturesOf(0)!.Values), 1e-5);
        Assert.Equal(0, Difference(expected, outputs.FeaturesOf(1)!.Values), 1e-5);
    }

    [Fact]
    public void A_parallel_adapter_adds_to_the_convolution_and_one_in_series_to_its_result()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        var shape = new ConvolutionShape(3, 5, 3, Stride: 2);
        var (beside, behind) = (Conv2d(3, 5, 1, 2), Sequential(BatchNorm2d(5, affine: false), Conv2d(5, 5, 1)));
        using var parallel = new ConditionalUnit(shape, BatchNorm2d(5), parallel: beside);
        using var series = new ConditionalUnit(shape, BatchNorm2d(5), series: behind);
        var input = torch.randn(4, 3, 8, 8);
        using var plain = functional.conv2d(
            input,
            parallel.parameters().First(parameter => parameter.shape.SequenceEqual([5, 3, 3, 3])),
            strides: [2, 2],
            padding: [1, 1]
        );
        var norm = BatchNorm2d(5);
        Assert.Equal(0, Difference(norm.call(plain + beside.call(input)), parallel.call(input)), 1e-5);

        using var other = functional.conv2d(
            input,
            series.parameters().First(parameter => parameter.shape.SequenceEqual([5, 3, 3, 3])),
            strides: [2, 2],
            padding: [1, 1]
        );
        Assert.Equal(0, Difference(norm.call(other + behind.call(other)), series.call(input)), 1e-5);
    }

    [Fact]
    public void Frozen_filters_belong_to_nobody_and_stay_where_they_are_while_the_rest_learns()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var encoder = Trained();
        using var network = new ResidualAdapters(Two, encoder, frozen: true);
        Assert.Empty(network.SharedParameters);
        var filters = network.parameters().Where(parameter => !parameter.requires_grad).ToArray();
        Assert.Equal(Size(encoder.parameters().Where(parameter => parameter.dim() == 4)), Size(filters));
        var before = filters.Select(filter => filter.clone()).ToArray();
        var adapter = network.ParametersOf(1).First(parameter => parameter.dim() == 4);
        var data = DrawnShapes.Draw(Two, rows: 32, Side);
        new Trainer(network, new Recipe { Optimizer = new AdamWOptimizer(), Epochs = 2 }).Fit(data.Batches(8, 1));
        Assert.All(filters.Zip(before), pair => Assert.Equal(0, Difference(pair.First, pair.Second)));
        Assert.NotEqual(0, adapter.abs().max().item<float>());
        Assert.Equal(0, network.Storage.SharedLength);
    }

    [Fact]
    public void A_tasks_passes_leave_the_others_statistics_and_outputs_as_they_were()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        using var network = new ResidualAdapters(Two, Trained(), frozen: true);
        var images = Images(3);
        network.eval();
        var before = Run(network, images, 1)[1];
        network.train();
        for (var pass = 0; pass < 3; pass++)
        {
            Run(network, Images(8) * 3, 0);
        }

        network.eval();
        Assert.Equal(0, Difference(before, Run(network, images, 1)[1]));
    }
}
