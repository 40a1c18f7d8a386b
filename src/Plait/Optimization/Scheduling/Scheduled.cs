using Plait.Catalogue;
using Plait.Data;
using Plait.Tasks;

namespace Plait.Optimization.Scheduling;

/// <summary>How the share of the main task grows with the epochs t and a slope α.</summary>
public enum MainTaskShare
{
    /// <summary>α throughout.</summary>
    Constant,

    /// <summary>1 - exp(-α t): from nothing to all.</summary>
    Exponential,

    /// <summary>1 / (1 + exp(-α t)): from half to all.</summary>
    Sigmoid,
}

/// <summary>Trains one task a step: the main task with a chance that grows, the others with equal shares of the rest.</summary>
/// <remarks>
/// Kiperwasser and Ballesteros 2018, <i>Scheduled Multi-Task Learning: From Syntax to Translation</i>, section 3: auxiliary tasks first shape
/// what is shared, then make room for the task that counts. The time t is in epochs and counts the steps within one too.
/// </remarks>
[Method(
    "scheduled",
    Survey = "3.3",
    Paper = "Kiperwasser and Ballesteros 2018, Scheduled Multi-Task Learning: From Syntax to Translation",
    Arxiv = "1804.08915",
    Summary = "One task a step: the main task with a chance that grows, the others with equal shares of the rest."
)]
public sealed class Scheduled : SampledSchedule
{
    private readonly string? main;
    private readonly MainTaskShare form;
    private readonly double slope;
    private int mainPlace;

    /// <summary>Sets the main task and the growth of its share.</summary>
    /// <param name="main">The main task's name; the first task when null.</param>
    /// <param name="form">How its share grows.</param>
    /// <param name="slope">α: from 0 to 1 for a constant share, else above 0.</param>
    public Scheduled(string? main = null, MainTaskShare form = MainTaskShare.Exponential, double slope = 0.5)
    {
        var largest = form == MainTaskShare.Constant ? 1 : double.MaxValue;
        if (!(slope > 0 && slope <= largest))
        {
            throw new ArgumentException(
                form == MainTaskShare.Constant
                    ? $"The slope of a constant share is the share itself, above 0 and at most 1; got {slope}."
                    : $"The slope is above 0 and finite; got {slope}.",
                nameof(slope)
            );
        }

        this.main = main;
        this.form = form;
        this.slope = slope;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No task has the main task's name, or it has no batch.</exception>
    public override void Begin(DataSizes sizes)
    {
        base.Begin(sizes);
        if (main is not null && !sizes.Tasks.Contains(main))
        {
            throw new ArgumentException(
                $"There is no task '{main}' to be the main one; the tasks are {string.Join(", ", sizes.Tasks.Select(task => task.Name))}.",
                nameof(sizes)
            );
        }

        mainPlace = main is null ? 0 : sizes.Tasks.IndexOf(main);
        if (Rows[mainPlace] == 0)
        {
            throw new ArgumentException(
                $"The main task '{sizes.Tasks[mainPlace].Name}' has no batch; choose another by main=NAME.",
                nameof(sizes)
            );
        }
    }

    /// <inheritdoc/>
    protected override void Weigh(StepContext step, Span<double> weights)
    {
        ArgumentNullException.ThrowIfNull(step);
        var others = Rows.Count(rows => rows > 0) - 1;
        var epochs = step.Epoch + ((double)step.StepInEpoch / step.StepsPerEpoch);
        var share = form switch
        {
            MainTaskShare.Constant => slope,
            MainTaskShare.Exponential => 1 - Math.Exp(-slope * epochs),
            _ => 1 / (1 + Math.Exp(-slope * epochs)),
        };
        weights.Fill((1 - share) / Math.Max(1, others));
        weights[mainPlace] = others == 0 ? 1 : share;
    }
}
