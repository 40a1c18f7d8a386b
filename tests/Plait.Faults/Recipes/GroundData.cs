using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Faults.Recipes;

/// <summary>Three tasks of three kinds, whose names are the same on each ground; some targets are missing.</summary>
internal static class GroundData
{
    private const int Inputs = 6;
    private const int Side = 16;
    private const int Classes = 3;

    private static readonly TaskSet OnVectors = new(
        LearningTask.Regression("price"),
        LearningTask.Classification("kind", Classes),
        LearningTask.Binary("sold")
    );

    private static readonly TaskSet OnMaps = new(
        new LearningTask("price", new Numeric(layout: Layout.Pixel), new AbsoluteError(), [new MeanAbsoluteError()]),
        LearningTask.Classification("kind", Classes),
        new LearningTask("sold", new Categorical(Classes, Layout.Pixel), new CrossEntropy(), [new Accuracy()])
    );

    /// <summary>The encoder that suits a ground.</summary>
    public static string EncoderOf(Ground ground) =>
        ground is Ground.Maps or Ground.Images ? "tiny-resnet:width=4,stages=2,blocks=1" : "mlp:widths=8-7,dropout=0.2";

    public static TensorData Create(Ground ground, int rows, long seed) =>
        ground switch
        {
            Ground.Vectors => Vectors(rows, seed),
            Ground.RowsPerTask => RowsPerTask(rows, seed),
            Ground.Images => Images(rows, seed),
            Ground.Maps => Maps(rows, seed),
            _ => throw new ArgumentOutOfRangeException(nameof(ground), ground, "There is no data for it."),
        };

    private static TensorData RowsPerTask(int rows, long seed)
    {
        TensorData[] parts = [.. OnVectors.Select((_, task) => Vectors(rows + (rows * task / 2), seed + task))];
        var data = TensorData.PerTask(
            OnVectors,
            [.. parts.Select(part => part.Input)],
            [.. parts.Select((part, task) => part.TargetOf(task))]
        );
        Array.ForEach(parts, part => part.Dispose());
        return data;
    }

    private static TensorData Vectors(int rows, long seed)
    {
        using var scope = torch.NewDisposeScope();
        using var chance = new torch.Generator((ulong)seed + 1);
        var input = torch.randn([rows, Inputs], generator: chance);
        var hidden = input.mm(torch.linspace(-1, 1, Inputs * 2).view(Inputs, 2)); // [rows, 2]
        var price = hidden.sum(1L);
        var labelled = torch.rand([rows], generator: chance).gt(0.2);
        return TensorData.Shared(
            OnVectors,
            input,
            [
                TaskTarget.FromRaw(price),
                TaskTarget.FromRaw(Class(hidden.select(1, 0))),
                TaskTarget.FromRaw(price.gt(0).to(ScalarType.Float32), labelled),
            ]
        );
    }

    private static TensorData Images(int rows, long seed)
    {
        using var scope = torch.NewDisposeScope();
        using var targets = Vectors(rows, seed);
        using var chance = new torch.Generator((ulong)seed + 2);
        var light = targets.Input.mean([1L]).view(rows, 1, 1, 1);
        return TensorData.Shared(
            OnVectors,
            torch.randn([rows, 3, Side, Side], generator: chance) + light,
            [.. OnVectors.Select((_, task) => targets.TargetOf(task))]
        );
    }

    private static TensorData Maps(int rows, long seed)
    {
        using var scope = torch.NewDisposeScope();
        using var chance = new torch.Generator((ulong)seed + 1);
        var input = torch.randn([rows, 3, Side, Side], generator: chance);
        var height = input.mean([1L], keepdim: true); // [rows, 1, side, side]
        var labelled = torch.rand([rows], generator: chance).gt(0.2);
        return TensorData.Shared(
            OnMaps,
            input,
            [
                TaskTarget.FromRaw(height, labelled),
                TaskTarget.FromRaw(Class(height.flatten(1).sum(1L).mul(0.5))),
                TaskTarget.FromRaw(Class(height.squeeze(1))),
            ]
        );
    }

    private static Tensor Class(Tensor numbers) =>
        numbers.gt(-0.4).to(ScalarType.Int64) + numbers.gt(0.4).to(ScalarType.Int64);
}
