using Plait.Catalogue;
using Plait.Networks.Heads;

namespace Plait.Tests.Networks.Heads;

[Collection("torch")]
public sealed class DeepLabHeadTests
{
    [Fact]
    public void It_has_the_layers_of_the_paper()
    {
        using var head = new DeepLabHead().Build(21, [2048, 28, 28], 224, 224);

        const long Norm = 2 * 256;
        const long Branches = (2 * 2048 * 256) + (3 * 9 * 2048 * 256) + (5 * Norm);
        const long Joined = (5 * 256 * 256) + Norm + (9 * 256 * 256) + Norm;
        Assert.Equal(Branches + Joined + (256 * 21) + 21, head.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Each_branch_sees_as_far_as_its_rate_and_image_pooling_everything()
    {
        using var scope = torch.NewDisposeScope();
        const int Side = 45;
        const int Middle = Side / 2;
        using var pyramid = new AtrousPyramid(3, 32, [6, 12, 18]);
        pyramid.eval();
        var branches = pyramid.children().First().children().Cast<torch.nn.Module<Tensor, Tensor>>().ToArray();
        var input = torch.randn(1, 3, Side, Side).requires_grad_();

        var reach = branches.Select(branch =>
        {
            input.grad?.zero_();
            branch.call(input)[0, torch.TensorIndex.Colon, Middle, Middle].sum().backward();
            using var seen = input.grad![0].abs().sum(0L).nonzero();
            return (Count: seen.size(0), Far: (seen - Middle).abs().max().item<long>());
        });

        // ReLU may silence a channel of a branch at this pixel, but hardly all 32 of them.
        Assert.Equal([(1, 0), (9, 6), (9, 12), (9, 18), (Side * Side, Middle)], reach.ToArray());
    }

    [Fact]
    public void Image_pooling_normalises_a_batch_of_one_row_by_running_statistics()
    {
        using var scope = torch.NewDisposeScope();
        using var pooling = new ImagePooling(3, 8);
        var input = torch.randn(1, 3, 5, 6);
        pooling.call(torch.randn(4, 3, 5, 6)); // moves the running statistics away from where they start
        var running = pooling.named_buffers().Select(pair => pair.buffer.clone()).ToArray();

        var trained = pooling.call(input);
        Assert.All(
            running.Zip(pooling.buffers()),
            pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>())
        );
        pooling.eval();

        Assert.True(trained.allclose(pooling.call(input)));
        Assert.Equal([1L, 8, 5, 6], trained.shape);
    }

    [Fact]
    public void One_row_trains_the_whole_head()
    {
        using var scope = torch.NewDisposeScope();
        using var head = new DeepLabHead(width: 8, rates: [2, 4]).Build(2, [3, 6, 6], 12, 12);

        head.call(torch.randn(1, 3, 6, 6)).pow(2).sum().backward();

        Assert.All(
            head.parameters().Where(parameter => parameter.dim() == 4),
            parameter => Assert.True(torch.isfinite(parameter.grad!).all().item<bool>())
        );
    }

    [Fact]
    public void Dropout_acts_in_training_alone()
    {
        using var scope = torch.NewDisposeScope();
        using var head = new DeepLabHead(width: 16, dropout: 0.5).Build(1, [3, 6, 6], 6, 6);
        var input = torch.randn(4, 3, 6, 6);

        Assert.False(head.call(input).allclose(head.call(input)));
        head.eval();
        Assert.True(head.call(input).allclose(head.call(input)));
    }

    [Theory]
    [InlineData("deeplab:rates=6-0", "got 6-0")]
    [InlineData("deeplab:rates=", "got none")]
    [InlineData("deeplab:dropout=1", "dropout")]
    [InlineData("deeplab:width=0", "width")]
    [InlineData("multi-scale:width=0", "width")]
    public void Numbers_out_of_range_are_refused(string head, string part)
    {
        var refused = Assert.Throws<FormatException>(() => MethodCatalog.Create<DenseHead>(head));
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_head_of_many_scales_is_as_wide_as_they_are_together()
    {
        using var head = new MultiScaleHead().Build(5, [270, 16, 16], 64, 64);

        Assert.Equal((270 * 270) + (2 * 270) + (270 * 5) + 5, head.parameters().Sum(parameter => parameter.numel()));
    }
}
