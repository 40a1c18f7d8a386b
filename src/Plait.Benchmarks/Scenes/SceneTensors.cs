using System.Runtime.InteropServices;
using Plait.Benchmarks.Reading;
using Plait.Benchmarks.Scenes.Rendering;
using Plait.Data;
using Plait.Tasks;

namespace Plait.Benchmarks.Scenes;

/// <summary>Turns scenes of a set into inputs and targets.</summary>
/// <param name="set">The scenes.</param>
/// <param name="tasks">Those of <see cref="SceneTasks"/>.</param>
internal sealed class SceneTensors(SceneSet set, TaskSet tasks)
{
    private const int Channels = 3;

    /// <summary>The images of some scenes, [rows, 3, side, side], bytes.</summary>
    public Tensor Images(long[] rows) => Gather(set.Images, rows, Channels, ScalarType.Byte);

    /// <summary>Inputs and targets of some scenes.</summary>
    /// <param name="rows">Their places in the set.</param>
    /// <param name="standardisation">What brings images to a common mean and deviation.</param>
    public TensorData Of(long[] rows, ImageStandardisation standardisation)
    {
        using var scope = torch.NewDisposeScope();
        var classes = Gather(set.Classes, rows, 1, ScalarType.Byte);
        var visible = classes.ne((int)SemanticClass.Sky);
        return TensorData.Shared(
            tasks,
            standardisation.Apply(Images(rows)),
            [
                TaskTarget.Of(classes.to(ScalarType.Int64)),
                TaskTarget.Of(Gather(set.Parts, rows, 1, ScalarType.Byte).to(ScalarType.Int64)),
                TaskTarget.FromRaw(
                    Gather(set.Depths, rows, 1, ScalarType.Float32).div_(SceneTasks.DepthUnit).unsqueeze(1)
                ),
                TaskTarget.FromRaw(Normals(rows), visible),
                Mask(set.Edges, rows),
                Mask(set.Saliency, rows),
                Mask(set.Boundaries, rows),
            ]
        );
    }

    /// <summary>Unit normals, [rows, 3, side, side]; zero for sky.</summary>
    private Tensor Normals(long[] rows)
    {
        var rounded = Gather(set.Normals, rows, Channels, ScalarType.Int16).to(ScalarType.Float32);
        var length = rounded.square().sum(dim: 1L, keepdim: true).sqrt();
        return rounded.div_(length.clamp_min_(1));
    }

    private TaskTarget Mask(byte[] values, long[] rows) =>
        TaskTarget.Of(Gather(values, rows, 1, ScalarType.Byte).to(ScalarType.Float32).unsqueeze(1));

    private Tensor Gather<T>(T[] values, long[] rows, int channels, ScalarType type)
        where T : unmanaged
    {
        var length = channels * set.Pixels;
        long[] shape = channels == 1 ? [rows.Length, set.Side, set.Side] : [rows.Length, channels, set.Side, set.Side];
        var tensor = torch.empty(shape, type);
        var gathered = MemoryMarshal.Cast<byte, T>(tensor.bytes);
        for (var i = 0; i < rows.Length; i++)
        {
            values.AsSpan((int)rows[i] * length, length).CopyTo(gathered[(i * length)..]);
        }

        return tensor;
    }
}
