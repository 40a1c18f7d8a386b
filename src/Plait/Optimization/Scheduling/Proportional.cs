using Plait.Catalogue;
using Plait.Data;
using Plait.Tasks;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains one task a step, drawn in proportion to its number of batches.</summary>
/// <remarks>Sanh, Wolf and Ruder 2019, <i>A hierarchical multi-task approach for learning embeddings from semantic tasks</i>, section "Training".</remarks>
[Method(
    "proportional",
    Survey = "3.3",
    Paper = "Sanh, Wolf and Ruder 2019, A hierarchical multi-task approach for learning embeddings from semantic tasks",
    Arxiv = "1811.06031",
    Summary = "One task a step, drawn in proportion to its number of batches."
)]
public sealed class Proportional : TaskSchedule
{
    private const int Purpose = 1; // tells this draw from the aggregators', which take 0

    private TaskSelection[] choices = [];
    private double[] cumulative = [];

    /// <inheritdoc/>
    public override void Begin(BatchSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        choices = new TaskSelection[source.Tasks.Count];
        cumulative = new double[source.Tasks.Count];
        var total = 0.0;
        for (var task = 0; task < choices.Length; task++)
        {
            choices[task] = source.Tasks.Select(task);
            cumulative[task] = total += source.BatchesOf(task);
        }

        if (total == 0)
        {
            throw new ArgumentException(
                "The data holds no batch of any task, so no task can be drawn.",
                nameof(source)
            );
        }
    }

    /// <summary>As many steps as there are batches of all tasks together.</summary>
    public override int StepsPerEpoch(BatchSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Enumerable.Range(0, source.Tasks.Count).Sum(source.BatchesOf);
    }

    /// <inheritdoc/>
    public override TaskSelection Next(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (choices.Length == 0)
        {
            throw new InvalidOperationException("Call Begin with the training data first.");
        }

        var drawn = step.Random(Purpose).NextDouble() * cumulative[^1];
        return choices[Array.FindIndex(cumulative, bound => drawn < bound)];
    }
}
