using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;

namespace Plait.Tests.Networks.Heads;

/// <summary>Encoders with the heads that their papers put on them learn where something is.</summary>
[Collection("torch")]
public sealed class DenseLearningTests
{
    private const int Side = 24;

    [Theory]
    [InlineData("hrnet-w18-small:width=4,modules=1-1-1,blocks=1,stem-width=8", "multi-scale")]
    [InlineData("segnet:width=6,blocks=2", "segnet")]
    [InlineData("tiny-resnet:width=6,output-stride=2", "deeplab:width=12,rates=1-2-3,dropout=0.1")]
    public void Squares_are_found_in_noise(string encoderName, string headName)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        var generator = new torch.Generator(2);
        using var encoder = MethodCatalog.Create<Encoder>(encoderName, 3L * Side * Side, new long[] { 3, Side, Side });
        using var head = MethodCatalog.Create<DenseHead>(headName).Build(1, encoder.OutputShape, Side, Side);
        using var optimizer = torch.optim.Adam([.. encoder.parameters(), .. head.parameters()], 0.01);
        for (var step = 0; step < 40; step++)
        {
            using var inner = torch.NewDisposeScope();
            var (images, labels) = Squares(16, generator);
            optimizer.zero_grad();
            torch
                .nn.functional.binary_cross_entropy_with_logits(head.call(encoder.Features(images)), labels)
                .backward();
            optimizer.step();
        }

        encoder.eval();
        head.eval();
        var (unseen, truth) = Squares(64, generator);
        var found = head.call(encoder.Features(unseen)).gt(0);
        generator.Dispose();

        // Intersection over union: 0 for whoever sees nothing anywhere, a ninth for whoever sees squares everywhere.
        var isSquare = truth.gt(0);
        var overlap = (found & isSquare).sum().item<long>() / (double)(found | isSquare).sum().item<long>();
        Assert.InRange(overlap, 0.5, 1);
    }

    /// <summary>Noise with one square of another mean in it, and where that is.</summary>
    private static (Tensor Images, Tensor Labels) Squares(int rows, torch.Generator generator)
    {
        var images = torch.randn([rows, 3, Side, Side], generator: generator) * 0.5;
        var labels = torch.zeros([rows, 1, Side, Side]);
        using var places = torch.randint(0, Side - 8, [rows, 2], generator: generator);
        for (var row = 0; row < rows; row++)
        {
            var (top, left) = (places[row, 0].item<long>(), places[row, 1].item<long>());
            images[row].narrow(1, top, 8).narrow(2, left, 8).add_(1);
            labels[row].narrow(1, top, 8).narrow(2, left, 8).fill_(1);
        }

        return (images, labels);
    }
}
