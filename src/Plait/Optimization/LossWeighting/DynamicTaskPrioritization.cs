using Plait.Catalogue;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.LossWeighting;

/// <summary>Gives more weight to tasks that are done badly yet, and next to none to those that are done well.</summary>
/// <remarks>
/// <para>Guo et al. 2018, <i>Dynamic Task Prioritization for Multitask Learning</i>, equations 2 to 4: with κ a key performance
/// indicator between 0 and 1, as a running mean, the weight is the focal loss -(1 - κ)^γ log κ. The paper's focal loss on single
/// examples inside a task is a task's loss and no weighting; it is left out. A task weighs 1 until it has an indicator.</para>
/// <para>The paper wants an indicator such as accuracy and leaves others open. Here a metric of which more is better counts as it
/// is, kept between 0 and 1, and an error e counts as e_0 / (e_0 + e), e_0 the first one seen. From training batches, the
/// indicator of a classification is exp(-loss), the geometric mean of the true classes' probabilities. The paper names no rate
/// and no floor either.</para>
/// </remarks>
[Method(
    "dtp",
    Survey = "3.1",
    Paper = "Guo et al. 2018, Dynamic Task Prioritization for Multitask Learning",
    Summary = "Weighs each task by how badly it is done."
)]
public sealed class DynamicTaskPrioritization : LossWeighting
{
    private readonly double[] gamma;
    private readonly double rate;
    private readonly double floor;
    private readonly PerformanceIndicator kpi;
    private readonly TaskNumbers indicators = new("indicators", double.NaN); // NaN until known
    private readonly TaskNumbers firstErrors = new("first-errors", double.NaN); // NaN until known
    private bool[] classifies = [];

    /// <summary>Sets the options.</summary>
    /// <param name="gamma">How strongly well-done tasks are played down, 0 or more: one for all tasks, or one a task; 1 when null.</param>
    /// <param name="rate">The share of a new value in the running mean, above 0 and at most 1.</param>
    /// <param name="floor">The smallest indicator counted, above 0 and below 1, where the weight would become infinite.</param>
    /// <param name="kpi">Where indicators come from.</param>
    public DynamicTaskPrioritization(
        double[]? gamma = null,
        double rate = 0.5,
        double floor = 0.01,
        PerformanceIndicator kpi = PerformanceIndicator.Validation
    )
    {
        this.gamma = gamma is null or [] ? [1] : [.. gamma];
        foreach (var one in this.gamma)
        {
            OptionRange.NotNegative(one, "gamma");
        }

        this.rate = rate is > 0 and <= 1
            ? rate
            : throw new ArgumentException($"The rate is above 0 and at most 1; got {rate}.", nameof(rate));
        this.floor = floor is > 0 and < 1
            ? floor
            : throw new ArgumentException($"The floor is above 0 and below 1; got {floor}.", nameof(floor));
        this.kpi = kpi;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is neither one gamma nor one for each task.</exception>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (gamma.Length != 1 && gamma.Length != tasks.Count)
        {
            throw new ArgumentException(
                $"There are {tasks.Count} tasks ({string.Join(", ", tasks)}) and {gamma.Length} gammas ({string.Join("/", gamma)}); give one, or one a task."
            );
        }

        indicators.Begin(tasks.Count);
        firstErrors.Begin(tasks.Count);
        classifies = [.. tasks.Select(task => task.Loss.IsLogLikelihood)];
    }

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        if (kpi == PerformanceIndicator.Training)
        {
            losses.RequireNotNegative("takes indicators from losses");
            for (var i = 0; i < losses.Count; i++)
            {
                var task = losses.Tasks.Indices[i];
                Average(task, classifies[task] ? Math.Exp(-losses.Numbers[i]) : OfError(task, losses.Numbers[i]));
            }
        }

        var chosen = indicators.Of(losses.Tasks);
        for (var i = 0; i < chosen.Length; i++)
        {
            var exponent = gamma[gamma.Length == 1 ? 0 : losses.Tasks.Indices[i]];
            chosen[i] = double.IsNaN(chosen[i]) ? 1 : Focal(Math.Clamp(chosen[i], floor, 1), exponent);
        }

        return losses.WeighedBy(chosen);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Indicators come from validation, and there is none.</exception>
    public override void EndEpoch(EpochOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (kpi != PerformanceIndicator.Validation)
        {
            return;
        }

        var metrics =
            outcome.Validation?.Metrics
            ?? throw new InvalidOperationException(
                "Dynamic task prioritization reads the metrics of each epoch's validation: give validation data, or write dtp:kpi=training."
            );
        for (var task = 0; task < metrics.Tasks.Count; task++)
        {
            var value = metrics.Primary(task);
            if (!double.IsNaN(value))
            {
                Average(
                    task,
                    metrics.Tasks[task].PrimaryMetric.HigherIsBetter ? Math.Clamp(value, 0, 1) : OfError(task, value)
                );
            }
        }
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        indicators.Save(state);
        firstErrors.Save(state);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        indicators.Load(state);
        firstErrors.Load(state);
    }

    private static double Focal(double indicator, double gamma) =>
        -Math.Pow(1 - indicator, gamma) * Math.Log(indicator);

    private void Average(int task, double value)
    {
        ref var mean = ref indicators.Values[task];
        mean = double.IsNaN(mean) ? value : (rate * value) + ((1 - rate) * mean);
    }

    private double OfError(int task, double error)
    {
        ref var first = ref firstErrors.Values[task];
        if (double.IsNaN(first) && error > 0)
        {
            first = error;
        }

        return error > 0 ? first / (first + error) : 1;
    }
}

/// <summary>Where it is read how well a task is done.</summary>
public enum PerformanceIndicator
{
    /// <summary>The task's primary metric on the validation data, after each epoch.</summary>
    Validation,

    /// <summary>The task's loss on each training batch.</summary>
    Training,
}
