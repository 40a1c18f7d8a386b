using Plait.Networks.SharedTrunk;
using TorchSharp.Modules;

namespace Plait.Tests.Networks.SharedTrunk;

[Collection("torch")]
public sealed class RegionTests
{
    [Fact]
    public void A_box_on_pixels_sides_is_cut_out_pixel_by_pixel_and_put_back_there()
    {
        using var scope = torch.NewDisposeScope();
        var map = torch.arange(2 * 8 * 8, ScalarType.Float32).view(1, 2, 8, 8);
        var box = torch.tensor(
            new float[,]
            {
                { 0.25f, 0.125f, 0.75f, 0.625f },
            }
        ); // columns 2 to 5, rows 1 to 4
        var region = Region.CutOut(map, box, 4);
        Assert.True(map.narrow(2, 1, 4).narrow(3, 2, 4).allclose(region, 1e-5, 1e-4));

        var outside = torch.tensor(new float[] { -7, 9 });
        var expected = outside.view(1, 2, 1, 1).expand(1, 2, 8, 8).clone();
        expected.narrow(2, 1, 4).narrow(3, 2, 4).copy_(region);
        Assert.True(expected.allclose(Region.PutBack(region, box, outside, 8, 8), 1e-4, 1e-3));
    }

    [Fact]
    public void A_region_is_sampled_bilinearly_at_the_middles_of_its_cells()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        var (height, width, side) = (5, 7, 3);
        var map = torch.randn(1, 1, height, width);
        var box = torch.tensor(
            new float[,]
            {
                { -0.1f, 0.2f, 0.7f, 0.95f },
            }
        );
        var region = Region.CutOut(map, box, side);
        for (var i = 0; i < side; i++)
        {
            for (var j = 0; j < side; j++)
            {
                var x = ((-0.1 + ((j + 0.5) / side * 0.8)) * width) - 0.5; // in pixels, whose middles are whole numbers
                var y = ((0.2 + ((i + 0.5) / side * 0.75)) * height) - 0.5;
                Assert.Equal(Bilinear(map, x, y), region[0, 0, i, j].item<float>(), 1e-4);
            }
        }
    }

    [Fact]
    public void Gradients_reach_the_box_as_finite_differences_say()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        var map = torch.randn([2, 3, 6, 5], ScalarType.Float64);
        var outside = new Parameter(torch.randn([3], ScalarType.Float64));
        var box = new Parameter(
            torch.tensor(
                new[,]
                {
                    { 0.13, 0.21, 0.64, 0.83 },
                    { 0.32, 0.11, 0.91, 0.57 },
                }
            )
        );
        FiniteDifference.AssertGradients(
            [box, outside],
            () =>
            {
                var region = Region.CutOut(map, box, 4);
                return ArchitectureCases.Scalar(region)
                    + ArchitectureCases.Scalar(Region.PutBack(region, box, outside, 7, 9));
            }
        );
        Assert.All(Enumerable.Range(0, 4), side => Assert.NotEqual(0, box.grad![0, side].item<double>()));
    }

    /// <summary>A map's value between four pixels; beyond its edge that goes on.</summary>
    private static double Bilinear(Tensor map, double x, double y)
    {
        x = Math.Clamp(x, 0, map.size(3) - 1);
        y = Math.Clamp(y, 0, map.size(2) - 1);
        var (left, top) = ((long)Math.Floor(x), (long)Math.Floor(y));
        var (right, bottom) = (Math.Min(left + 1, map.size(3) - 1), Math.Min(top + 1, map.size(2) - 1));
        var (fromLeft, fromTop) = (x - left, y - top);
        return ((1 - fromTop) * (((1 - fromLeft) * At(top, left)) + (fromLeft * At(top, right))))
            + (fromTop * (((1 - fromLeft) * At(bottom, left)) + (fromLeft * At(bottom, right))));

        double At(long row, long column) => map[0, 0, row, column].item<float>();
    }
}
