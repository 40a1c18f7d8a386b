namespace Plait.Tasks.Metrics;

/// <summary>The mean over all present targets of what an error costs.</summary>
internal sealed class MeanErrorAccumulator(Func<double, double> cost) : MetricAccumulator
{
    private double sum;
    private long count;

    /// <inheritdoc/>
    public override void Add(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = torch.NewDisposeScope();
        var outputs = HostMemory.Doubles(TargetShapes.Align(output, target.Values));
        var targets = HostMemory.Doubles(target.Values);
        var marks = HostMemory.Marks(target);
        for (var i = 0; i < outputs.Length; i++)
        {
            if (marks.IsEmpty || marks[i] != 0)
            {
                sum += cost(outputs[i] - targets[i]);
                count++;
            }
        }
    }

    /// <inheritdoc/>
    public override double Compute() => sum / count;
}
