using System.Runtime.InteropServices;
using Plait.Optimization;
using Plait.Tasks;

namespace Plait.Cli.Aggregation;

/// <summary>The task gradients of one line of input, in double precision.</summary>
internal sealed class GradientCase
{
    private readonly double[] numbers;

    /// <param name="id">The case's id as JSON; null for none.</param>
    /// <param name="line">The line it stood in, from 1.</param>
    /// <param name="tasks">One task a gradient.</param>
    /// <param name="numbers">The gradients, one after the other; finite. What lies behind them is not used.</param>
    /// <param name="width">Numbers of one gradient.</param>
    /// <param name="losses">One loss a task, or null.</param>
    public GradientCase(byte[]? id, long line, TaskSet tasks, double[] numbers, int width, double[]? losses)
    {
        (Id, Line, Tasks, Width, Losses) = (id, line, tasks, width, losses);
        this.numbers = numbers;
        Lengths = [.. Enumerable.Range(0, tasks.Count).Select(task => Vectors.Length(Row(task)))];
    }

    public byte[]? Id { get; }

    public long Line { get; }

    public TaskSet Tasks { get; }

    public int Count => Tasks.Count;

    public int Width { get; }

    public double[]? Losses { get; }

    /// <summary>The Euclidean length of each gradient.</summary>
    public double[] Lengths { get; }

    /// <summary>The gradient of one task.</summary>
    public ReadOnlySpan<double> Row(int task) => numbers.AsSpan(task * Width, Width);

    /// <summary>The gradient of one task, to keep.</summary>
    public ReadOnlyMemory<double> RowMemory(int task) => numbers.AsMemory(task * Width, Width);

    /// <summary>The case for an aggregator, with tensors of its own. They stand for every batch that a method asks for.</summary>
    public TaskGradients Gradients()
    {
        var losses = Losses is null
            ? null
            : TaskLosses.Of(Tasks, Losses.Select(loss => torch.tensor(loss, ScalarType.Float64)));
        return TaskGradients.OfRows(Tasks, Rows(), losses);
    }

    private Tensor Rows()
    {
        var rows = torch.empty(Count, Width, ScalarType.Float64);
        numbers.AsSpan(0, Count * Width).CopyTo(MemoryMarshal.Cast<byte, double>(rows.bytes));
        return rows;
    }
}
