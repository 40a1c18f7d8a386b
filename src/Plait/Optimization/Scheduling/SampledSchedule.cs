using Plait.Data;
using Plait.Tasks;

namespace Plait.Optimization.Scheduling;

/// <summary>Draws each step's task by chance; a law says how likely each task is.</summary>
/// <remarks>The draw is a function of seed and step, so a law without a memory of its own has no state to keep.</remarks>
public abstract class SampledSchedule : OneTaskSchedule
{
    private double[] weights = [];

    /// <inheritdoc/>
    public override void Begin(DataSizes sizes)
    {
        base.Begin(sizes);
        weights = new double[Rows.Count];
    }

    /// <summary>How likely each task is in a step.</summary>
    /// <param name="step">Where the run stands.</param>
    /// <returns>One share a task, with sum 1; 0 for a task without a batch.</returns>
    public double[] Shares(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var sum = Fill(step);
        return [.. weights.Select(weight => weight / sum)];
    }

    /// <summary>Says how likely each task is.</summary>
    /// <param name="step">Where the run stands.</param>
    /// <param name="weights">Receives one number of 0 or more a task; only their ratios count, and tasks without a batch do not.</param>
    protected abstract void Weigh(StepContext step, Span<double> weights);

    /// <inheritdoc/>
    protected sealed override int Choose(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var left = step.Random(ChanceStreams.Schedule).NextDouble() * Fill(step);
        var chosen = -1;
        for (var task = 0; task < weights.Length && left >= 0; task++)
        {
            if (weights[task] > 0)
            {
                chosen = task; // the last task with a chance also takes what rounding leaves
                left -= weights[task];
            }
        }

        return chosen;
    }

    private double Fill(StepContext step)
    {
        Weigh(step, weights);
        var sum = 0.0;
        for (var task = 0; task < weights.Length; task++)
        {
            weights[task] = Rows[task] == 0 ? 0 : weights[task];
            sum += weights[task];
        }

        return sum > 0 && double.IsFinite(sum)
            ? sum
            : throw new InvalidOperationException(
                $"No task that has data has a chance in step {step.Step}; the weights are {string.Join(", ", weights)}."
            );
    }
}
