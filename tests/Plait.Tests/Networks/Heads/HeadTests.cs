using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Networks.Heads;

[Collection("torch")]
public sealed class HeadTests
{
    private static readonly LearningTask Depth = new(
        "depth",
        new Numeric(layout: Layout.Pixel),
        new AbsoluteError(),
        [new MeanAbsoluteError()]
    );

    public static TheoryData<string> DenseHeads => [.. MethodCatalog.Of(MethodKind.Head).Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(DenseHeads))]
    public void A_dense_head_answers_in_the_images_size(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new TinyResNet([3, 30, 44]);
        using var head = Head.For(Depth, encoder, dense: MethodCatalog.Create<DenseHead>(name));

        Assert.Equal([2L, 1, 30, 44], head.call(encoder.Features(torch.randn(2, 3, 30, 44))).shape);
    }

    [Fact]
    public void A_task_of_one_answer_an_image_pools_a_map()
    {
        using var scope = torch.NewDisposeScope();
        using var head = Head.For(LearningTask.Classification("kind", 3), new MapFeatures(5, 4, 6), [1, 16, 24], [7]);
        var map = torch.randn(2, 5, 4, 6);

        var answer = head.call(map);

        Assert.Equal([2L, 3], answer.shape);
        // Pooling forgets where: the same map turned round has the same answer.
        Assert.True(answer.allclose(head.call(map.flip(2, 3)), rtol: 1e-4, atol: 1e-6));
    }

    [Fact]
    public void A_dense_task_needs_a_map()
    {
        var refused = Assert.Throws<NotSupportedException>(() => Head.For(Depth, new Mlp(6, [4])));

        Assert.Contains("'depth' wants one output a pixel", refused.Message, StringComparison.Ordinal);
        Assert.Contains("tiny-resnet", refused.Message, StringComparison.Ordinal);
    }
}
