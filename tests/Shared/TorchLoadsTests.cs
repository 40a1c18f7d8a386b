namespace Plait.Testing;

public sealed class TorchLoadsTests
{
    [Fact]
    public void First_touch_of_TorchSharp_works_without_setup()
    {
        using var ones = torch.ones(2, 3);

        Assert.Equal([2L, 3L], ones.shape);
    }
}
