using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Tasks;

namespace Plait.Tests.Networks;

/// <summary>Every architecture of the catalogue on a small encoder and three tasks of different kinds.</summary>
internal static class ArchitectureCases
{
    public const long Inputs = 6;

    public static TheoryData<string> Names =>
        [.. MethodCatalog.Of(MethodKind.Architecture).Select(entry => entry.Name)];

    public static TaskSet Three { get; } =
        new(LearningTask.Regression("price", 2), LearningTask.Classification("kind", 3), LearningTask.Binary("sold"));

    public static MultiTaskNetwork Create(string name, double dropout = 0)
    {
        torch.manual_seed(7);
        return MethodCatalog.Create<MultiTaskNetwork>(name, Three, new Mlp(Inputs, [8, 7], dropout));
    }

    public static MultiTaskBatch Batch(TaskSelection tasks, long rows = 5, ScalarType type = ScalarType.Float32) =>
        MultiTaskBatch.Unlabelled(tasks, torch.randn([rows, Inputs], type));

    /// <summary>One input a task, of 3, 4, 5... rows.</summary>
    public static MultiTaskBatch BatchPerTask(TaskSelection tasks) =>
        MultiTaskBatch.PerTask(
            tasks,
            [.. tasks.Select((_, i) => torch.randn(3 + i, Inputs))],
            [.. tasks.Select((_, i) => TaskTarget.Of(torch.zeros(3 + i)))]
        );

    /// <summary>A smooth scalar that depends on every number of a tensor, and on each differently.</summary>
    public static Tensor Scalar(Tensor output)
    {
        var factors = torch.arange(1, output.numel() + 1, output.dtype).view(output.shape).sin();
        return (output * factors).sum() + output.pow(2).mean();
    }
}
