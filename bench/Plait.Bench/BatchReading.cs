using BenchmarkDotNet.Attributes;
using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;
using static TorchSharp.torch;

namespace Plait.Bench;

/// <summary>One shuffled epoch over 20,000 rows of 64 numbers and one target, in batches of 256.</summary>
public class BatchReading
{
    private const int Rows = 20_000;
    private const int Batch = 256;
    private Tensor input = null!;
    private Tensor target = null!;
    private TensorData data = null!;
    private long epoch;

    [GlobalSetup]
    public void Prepare()
    {
        input = randn(Rows, 64);
        target = randn(Rows, 1);
        data = TensorData.Shared(new TaskSet(LearningTask.Regression("y")), input, [TaskTarget.FromRaw(target)]);
    }

    [Benchmark(Baseline = true, Description = "index_select of a permutation, batch by batch")]
    public void Gather()
    {
        using var outer = NewDisposeScope();
        var order = randperm(Rows);
        for (var start = 0; start < Rows; start += Batch)
        {
            using var scope = NewDisposeScope();
            var chosen = order.narrow(0, start, Math.Min(Batch, Rows - start));
            _ = input.index_select(0, chosen);
            _ = target.index_select(0, chosen);
        }
    }

    [Benchmark(Description = "TensorData.Batches")]
    public void Batches()
    {
        using var source = data.Batches(Batch, shuffleSeed: epoch++);
        for (var place = 0L; place < source.BatchesOf(0); place++)
        {
            using var batch = source.Read(data.Tasks.All, [place]);
        }
    }

    [Benchmark(Description = "rows one by one, stacked, as MultiTaskDataLoader does")]
    public void RowByRow()
    {
        var order = Enumerable.Range(0, Rows).ToArray();
        new Random(1).Shuffle(order);
        foreach (var chosen in order.Chunk(Batch))
        {
            using var scope = NewDisposeScope();
            _ = stack(chosen.Select(row => input.select(0, row)));
            _ = stack(chosen.Select(row => target.select(0, row)));
        }
    }
}
