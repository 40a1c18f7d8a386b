using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Networks;

/// <summary>Every architecture of the catalogue with three tasks of different kinds: on a small encoder of vectors, and on one of maps.</summary>
internal static class ArchitectureCases
{
    public const long Inputs = 6;

    private const string Maps = " on maps";
    private const long Side = 16;

    private static readonly string[] Taken;
    private static readonly string[] NotTaken;

    static ArchitectureCases()
    {
        string[] names = [.. MethodCatalog.Of(MethodKind.Architecture).Select(entry => entry.Name)];
        var cases = names.Concat(names.Select(name => name + Maps)).ToLookup(IsTaken);
        (Taken, NotTaken) = ([.. cases[true]], [.. cases[false]]);
    }

    public static TheoryData<string> Names => [.. Taken];

    public static TheoryData<string> VectorNames => [.. Taken.Where(name => !IsOnMaps(name))];

    /// <summary>Every case that an architecture refuses.</summary>
    public static TheoryData<string> Refused => [.. NotTaken];

    public static TaskSet Three { get; } =
        new(LearningTask.Regression("price", 2), LearningTask.Classification("kind", 3), LearningTask.Binary("sold"));

    private static TaskSet ThreeOnMaps { get; } =
        new(
            new LearningTask("class", new Categorical(3, Layout.Pixel), new CrossEntropy(), [new Accuracy()]),
            LearningTask.Classification("kind", 3),
            new LearningTask("depth", new Numeric(layout: Layout.Pixel), new AbsoluteError(), [new MeanAbsoluteError()])
        );

    public static TaskSet TasksOf(string name) => IsOnMaps(name) ? ThreeOnMaps : Three;

    public static MultiTaskNetwork Create(string name, double dropout = 0)
    {
        torch.manual_seed(7);
        return IsOnMaps(name)
            ? MethodCatalog.Create<MultiTaskNetwork>(
                name[..^Maps.Length],
                ThreeOnMaps,
                new TinyResNet([3, Side, Side], width: 4, stages: 2, blocks: 1)
            )
            : MethodCatalog.Create<MultiTaskNetwork>(name, Three, new Mlp(Inputs, [8, 7], dropout));
    }

    public static MultiTaskBatch Batch(TaskSelection tasks, long rows = 5, ScalarType type = ScalarType.Float32) =>
        MultiTaskBatch.Unlabelled(tasks, torch.randn(RowShape(tasks.Tasks, rows), type));

    /// <summary>One input a task, of 3, 4, 5... rows.</summary>
    public static MultiTaskBatch BatchPerTask(TaskSelection tasks) =>
        MultiTaskBatch.PerTask(
            tasks,
            [.. tasks.Select((_, i) => torch.randn(RowShape(tasks.Tasks, 3 + i)))],
            [.. tasks.Select((_, i) => TaskTarget.Of(torch.zeros(3 + i)))]
        );

    /// <summary>The shape of a task's output for some rows.</summary>
    public static long[] OutputOf(LearningTask task, long rows) =>
        task.Output.IsDense ? [rows, task.Output.Channels, Side, Side] : [rows, task.Output.Channels];

    /// <summary>A smooth scalar that depends on every number of a tensor, and on each differently.</summary>
    public static Tensor Scalar(Tensor output)
    {
        var factors = torch.arange(1, output.numel() + 1, output.dtype).view(output.shape).sin();
        return (output * factors).sum() + output.pow(2).mean();
    }

    /// <summary>The scalar of everything that learns from a task's targets.</summary>
    public static Tensor Scalar(TaskOutputs outputs, int task) =>
        outputs
            .AuxiliaryOutputsOf(task)
            .Select(Scalar)
            .Aggregate(Scalar(outputs[task]), (sum, further) => sum + further);

    private static bool IsTaken(string name)
    {
        try
        {
            using var network = Create(name);
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static bool IsOnMaps(string name) => name.EndsWith(Maps, StringComparison.Ordinal);

    private static long[] RowShape(TaskSet tasks, long rows) =>
        ReferenceEquals(tasks, ThreeOnMaps) ? [rows, 3, Side, Side] : [rows, Inputs];
}
