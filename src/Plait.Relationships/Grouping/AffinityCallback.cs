using Plait.Optimization;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Relationships.Grouping;

/// <summary>Measures how tasks affect one another while one network learns all of them.</summary>
public abstract class AffinityCallback : TrainingCallback
{
    private readonly double share;
    private TaskSet? tasks;
    private double[] sums = [];
    private double[] looks = [];

    /// <summary>Sets what all of them have in common.</summary>
    /// <param name="interval">Steps between two looks, 1 or more.</param>
    /// <param name="share">The share of a batch's rows that is looked at, above 0 to 1.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    protected AffinityCallback(int interval, double share)
    {
        Interval = interval >= 1 ? interval : throw new ArgumentException($"interval is 1 or more; got {interval}.");
        this.share = share is > 0 and <= 1
            ? share
            : throw new ArgumentException($"share is above 0 and at most 1; got {share}.");
    }

    /// <inheritdoc/>
    public override int Interval { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<double> PairMeasurements => [.. Measured.Values];

    /// <summary>The mean of all looks: the row is the task that is affected.</summary>
    /// <exception cref="InvalidOperationException">Two tasks were never seen together in a batch.</exception>
    public AffinityMatrix Measured
    {
        get
        {
            var mean = new double[sums.Length];
            for (var i = 0; i < sums.Length; i++)
            {
                mean[i] = looks[i] > 0 ? sums[i] / looks[i] : throw NeverTogether(i);
            }

            return new AffinityMatrix([.. tasks!.Select(task => task.Name)], mean);
        }
    }

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        this.tasks = tasks;
        sums = new double[tasks.Count * tasks.Count];
        looks = new double[sums.Length];
    }

    /// <inheritdoc/>
    public override void Observe(InnerProblem training, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(training);
        using var scope = torch.NewDisposeScope();
        var objective = training.Objective.Share(share);
        var seen = objective.Tasks;
        var affinities = seen.Count == 0 ? [] : Measure(training, objective);
        training.Storage.ZeroGradients();
        for (var row = 0; row < seen.Count; row++)
        {
            for (var column = 0; column < seen.Count; column++)
            {
                var affinity = affinities[(row * seen.Count) + column];
                if (double.IsFinite(affinity))
                {
                    var place = (seen.Indices[row] * tasks!.Count) + seen.Indices[column];
                    sums[place] += affinity;
                    looks[place]++;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("sums", sums);
        state.Set("looks", looks);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        sums = state.Numbers("sums");
        looks = state.Numbers("looks");
    }

    /// <summary>One look. Tensors die with the caller's dispose scope.</summary>
    /// <param name="training">The training; its parameters must be afterwards as before, its gradients need not.</param>
    /// <param name="objective">The losses to look at; some task has one.</param>
    /// <returns>For the tasks that have a loss there, row by row, the affected task's row; what is not finite does not count.</returns>
    protected abstract double[] Measure(InnerProblem training, IObjective objective);

    private InvalidOperationException NeverTogether(int place)
    {
        var (row, column) = (tasks![place / tasks.Count].Name, tasks[place % tasks.Count].Name);
        return new(
            row == column
                ? $"Task '{row}' was never looked at: no batch that was looked at had a target for it."
                : $"Tasks '{row}' and '{column}' were never looked at together: no batch that was looked at had targets for both."
        );
    }
}
