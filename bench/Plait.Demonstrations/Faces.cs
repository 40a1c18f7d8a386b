using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Demonstrations;

/// <summary>Drawn faces: five landmarks to find, and attributes that may help or not.</summary>
internal static class Faces
{
    private const int Side = 20;
    private const double Unit = 3; // pixels
    private const double Blob = 1.2; // the width of a drawn point, in pixels

    /// <summary>The landmarks, in pixels; which way the head is tilted; and a label of chance, which can be learned by heart only.</summary>
    public static TaskSet Tasks { get; } =
        new(
            LearningTask.Regression("landmarks", width: 10),
            LearningTask.Classification("tilt", 3),
            LearningTask.Binary("chance")
        );

    /// <summary>The shape of one image.</summary>
    public static long[] Shape => [1, Side, Side];

    /// <summary>Draws faces.</summary>
    /// <param name="faces">How many.</param>
    /// <param name="seed">Decides all of them.</param>
    /// <param name="noise">The deviation of the noise on each pixel; a landmark's height is 1.</param>
    public static TensorData Draw(int faces, long seed, double noise)
    {
        using var scope = torch.NewDisposeScope();
        using var chance = new torch.Generator((ulong)seed);
        var tilt = (torch.rand([faces, 1], generator: chance) - 0.5) * 1.6; // radians
        var centre = (torch.rand([faces, 1, 2], generator: chance) - 0.5) * 6;
        var size = (torch.rand([faces, 1], generator: chance) * 0.4) + 0.8;
        var shape = torch.tensor(
            new float[,]
            {
                { -4, -3 },
                { 4, -3 },
                { 0, 0 },
                { -3, 4 },
                { 3, 4 },
            }
        ); // eyes, nose, mouth
        var (across, down) = (shape.select(1, 0) * size, shape.select(1, 1) * size); // [faces, 5]
        var points = torch.stack(
            [(tilt.cos() * across) - (tilt.sin() * down), (tilt.sin() * across) + (tilt.cos() * down)],
            2
        );
        points = points + centre; // from the middle of the image
        var pixels = torch.arange(Side, ScalarType.Float32) - ((Side - 1) / 2.0);
        var columns = Bumps(points.select(2, 0), pixels); // [faces, 5, side]
        var rows = Bumps(points.select(2, 1), pixels);
        var images = torch.einsum("fpr,fpc->frc", rows, columns).unsqueeze(1);
        images = images + (torch.randn([faces, 1, Side, Side], generator: chance) * noise);
        var third = ((tilt + 0.8) / 1.6 * 3).to(ScalarType.Int64).clamp(0, 2).squeeze(1);
        var coin = torch.rand([faces], generator: chance).lt(0.5).to(ScalarType.Float32);
        return TensorData.Shared(
            Tasks,
            images,
            [TaskTarget.Of(points.flatten(1) / Unit), TaskTarget.Of(third), TaskTarget.Of(coin)]
        );
    }

    private static Tensor Bumps(Tensor places, Tensor pixels) =>
        (-(places.unsqueeze(2) - pixels).square() / (2 * Blob * Blob)).exp();
}
