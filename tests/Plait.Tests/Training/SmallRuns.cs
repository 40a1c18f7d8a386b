using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>Data and networks that train in milliseconds.</summary>
internal static class SmallRuns
{
    public const int Inputs = 6;

    public static TaskSet Tasks { get; } =
        new(LearningTask.Regression("sum"), LearningTask.Binary("sign"), LearningTask.Classification("quadrant", 4));

    /// <summary>Three tasks that are functions of one hidden linear map; a fifth of the binary labels is missing.</summary>
    public static TensorData Data(int rows, long seed = 0)
    {
        using var scope = torch.NewDisposeScope();
        var generator = new torch.Generator((ulong)(seed + 1));
        var input = torch.randn([rows, Inputs], generator: generator);
        var map = torch.linspace(-1, 1, Inputs * 2).view(Inputs, 2);
        var hidden = input.mm(map); // [rows, 2]
        var sum = hidden.sum(1L);
        var sign = sum.gt(0).to(ScalarType.Float32);
        var labelled = torch.rand([rows], generator: generator).gt(0.2);
        var quadrant =
            hidden.select(1, 0).gt(0).to(ScalarType.Int64) * 2 + hidden.select(1, 1).gt(0).to(ScalarType.Int64);
        var data = TensorData.Shared(
            Tasks,
            input,
            [TaskTarget.FromRaw(sum), TaskTarget.FromRaw(sign, labelled), TaskTarget.FromRaw(quadrant)]
        );
        generator.Dispose();
        return data;
    }

    /// <summary>The same three tasks, each with rows of its own, of different numbers.</summary>
    public static TensorData PerTaskData(long seed = 0)
    {
        using var scope = torch.NewDisposeScope();
        var parts = Enumerable.Range(0, Tasks.Count).Select(task => Data(40 + (24 * task), seed + task)).ToArray();
        return TensorData.PerTask(
            Tasks,
            [.. parts.Select(part => part.Input)],
            [.. parts.Select((part, task) => part.TargetOf(task))]
        );
    }

    public static MultiTaskNetwork Network(double dropout = 0.2, long seed = 3)
    {
        torch.manual_seed(seed);
        return new HardSharing(Tasks, new Mlp(Inputs, [16, 8], dropout));
    }

    /// <summary>Every parameter's bits, one after the other.</summary>
    public static byte[] Bits(MultiTaskNetwork network) =>
        [.. network.parameters().SelectMany(parameter => parameter.bytes.ToArray())];

    /// <summary>Tells of progress at once, on the thread that trains.</summary>
    public sealed class Listener(Action<TrainingProgress> heard) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => heard(value);
    }
}
