using Plait.Data;
using Plait.Tasks;

namespace Plait.Tests.Networks.SingleTasking;

/// <summary>Images of one shape each, in any colour on a noisy ground: what it is, where it is and how far each of its pixels bulges.</summary>
internal static class DrawnShapes
{
    public const int Kinds = 3;

    /// <summary>Draws disc, square or diamond.</summary>
    /// <returns>Images [rows, 3, side, side], kinds [rows], kinds a pixel with 0 for the ground and bulges [rows, 1, side, side].</returns>
    public static (Tensor Images, Tensor Kind, Tensor Pixels, Tensor Bulge) Draw(int rows, int side)
    {
        using var scope = torch.NewDisposeScope();
        var kind = torch.randint(0, Kinds, [rows], ScalarType.Int64);
        var radius = torch.rand(rows, 1, 1).mul(0.12 * side).add(0.18 * side);
        var line = torch.arange(side).to(ScalarType.Float32);
        var room = radius.mul(-2).add(side - 1);
        var x = line.view(1, 1, -1) - (torch.rand(rows, 1, 1) * room) - radius;
        var y = line.view(1, -1, 1) - (torch.rand(rows, 1, 1) * room) - radius;
        var distances = torch.stack([
            (x.square() + y.square()).sqrt(),
            torch.maximum(x.abs(), y.abs()).div(0.88),
            (x.abs() + y.abs()).div(1.25),
        ]); // [kinds, rows, side, side]
        var distance = distances.gather(0, kind.view(1, -1, 1, 1).expand(1, -1, side, side)).squeeze(0);
        var inside = distance.le(radius);
        var bulge = (1 - (distance / radius)).clamp(min: 0).mul(2);
        var colour = torch.rand(rows, 3, 1, 1).mul(0.8).add(0.5).mul(torch.randn(rows, 1, 1, 1).sign());
        var images =
            (inside.unsqueeze(1).to(ScalarType.Float32) * colour * (0.6 + (0.4 * bulge.unsqueeze(1))))
            + (torch.randn(rows, 3, side, side) * 0.25);
        var pixels = inside.to(ScalarType.Int64) * (kind + 1).view(-1, 1, 1);
        return (
            images.MoveToOuterDisposeScope(),
            kind.MoveToOuterDisposeScope(),
            pixels.MoveToOuterDisposeScope(),
            bulge.unsqueeze(1).MoveToOuterDisposeScope()
        );
    }

    /// <summary>Data of the two dense tasks, the pixels' kinds taken modulo the classes that the first task has.</summary>
    public static TensorData Draw(TaskSet tasks, int rows, int side)
    {
        var (images, _, pixels, bulge) = Draw(rows, side);
        var kinds = pixels.remainder(tasks[0].Output.Channels);
        return TensorData.Shared(tasks, images, [TaskTarget.Of(kinds), TaskTarget.Of(bulge)]);
    }
}
