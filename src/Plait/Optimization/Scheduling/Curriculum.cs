using Plait.Catalogue;
using Plait.Data;
using Plait.Tasks;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains the tasks one after the other, each for an equal part of the run, or adds one to those before it.</summary>
/// <remarks>
/// Pentina, Sharmanska and Lampert 2015, <i>Curriculum Learning of Multiple Tasks</i>: what was learned for one task is where the next one
/// starts, so neighbours in the order should resemble each other and easy tasks come first. The paper finds the order greedily by a
/// bound on linear predictors; for networks give one, such as an affinity between tasks suggests.
/// </remarks>
[Method(
    "curriculum",
    Survey = "3.3",
    Paper = "Pentina, Sharmanska and Lampert 2015, Curriculum Learning of Multiple Tasks",
    Arxiv = "1412.1353",
    Summary = "The tasks one after the other, each for an equal part of the run."
)]
public sealed class Curriculum : TaskSchedule
{
    private readonly string[]? order;
    private readonly bool cumulative;
    private TaskSelection[] phases = [];

    /// <summary>Sets the order.</summary>
    /// <param name="order">Every task's name once, the first to learn first; the order of the set when null.</param>
    /// <param name="cumulative">Whether the tasks that came before go on, all in each step; in the paper they do not.</param>
    public Curriculum(string[]? order = null, bool cumulative = false)
    {
        this.order = order;
        this.cumulative = cumulative;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The order is not of these tasks, or no task has a batch.</exception>
    public override void Begin(DataSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        var names = sizes.Tasks.Select(task => task.Name).ToArray();
        if (
            order is not null
            && !order.Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal))
        )
        {
            throw new ArgumentException(
                $"The order names each of the tasks {string.Join(", ", names)} once; got {string.Join(", ", order)}.",
                nameof(sizes)
            );
        }

        int[] places = [.. (order ?? names).Select(sizes.Tasks.IndexOf).Where(task => sizes.Batches[task] > 0)];
        if (places.Length == 0)
        {
            throw new ArgumentException("The data holds no batch of any task.", nameof(sizes));
        }

        phases =
        [
            .. places.Select((place, i) => sizes.Tasks.Select(cumulative ? places.Take(i + 1).Order() : [place])),
        ];
    }

    /// <inheritdoc/>
    public override TaskSelection Next(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (phases.Length == 0)
        {
            throw new InvalidOperationException("Call Begin with the sizes of the training data first.");
        }

        var done = ((long)step.Epoch * step.StepsPerEpoch) + step.StepInEpoch;
        var phase = done * phases.Length / ((long)step.Epochs * step.StepsPerEpoch);
        return phases[Math.Min(phase, phases.Length - 1)];
    }
}
