namespace Plait.Tasks.Metrics;

/// <summary>The mean over all present targets, by their weights, of what a decision costs.</summary>
/// <param name="answer">Says what an output decides.</param>
/// <param name="cost">Of a decision and its target.</param>
internal sealed class MeanCostAccumulator(Answer answer, Func<double, double, double> cost) : MetricAccumulator
{
    private double sum;
    private double total;

    /// <inheritdoc/>
    public override void Add(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var outputs = HostMemory.Doubles(TargetShapes.Align(answer.Decide(output), target.Values));
        var targets = HostMemory.Doubles(target.Values);
        var weights = HostMemory.Weights(target);
        for (var i = 0; i < outputs.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            if (weight != 0)
            {
                sum += weight * cost(outputs[i], targets[i]);
                total += weight;
            }
        }
    }

    /// <inheritdoc/>
    public override double Compute() => sum / total;
}
