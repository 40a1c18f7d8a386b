using Plait.Optimization;
using Plait.Optimization.Bilevel;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Relationships.Grouping;

/// <summary>Measures how tasks affect one another while one network learns all of them.</summary>
public abstract class AffinityObserver : StepObserver
{
    private TaskSet? tasks;
    private double[] sums = [];
    private double[] looks = [];

    /// <summary>Sets what all of them have in common.</summary>
    /// <param name="interval">Steps between two looks, 1 or more.</param>
    /// <exception cref="ArgumentException">The interval is less than 1.</exception>
    protected AffinityObserver(int interval)
    {
        Interval = interval >= 1 ? interval : throw new ArgumentException($"interval is 1 or more; got {interval}.");
    }

    /// <inheritdoc/>
    public override int Interval { get; }

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
    public override void Observe(LowerLevel training, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(training);
        var seen = training.Batch.LabelledTasks;
        var affinities = Measure(training, seen);
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

    /// <summary>One look.</summary>
    /// <param name="training">The training; its parameters must be afterwards as before.</param>
    /// <param name="seen">The tasks that have a target in its batch.</param>
    /// <returns>Row by row, the affected task's row; what is not finite does not count.</returns>
    protected abstract double[] Measure(LowerLevel training, TaskSelection seen);

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
