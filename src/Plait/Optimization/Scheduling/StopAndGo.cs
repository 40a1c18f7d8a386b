using Plait.Catalogue;
using Plait.Data;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains all tasks in every step, but those that no longer get better only now and then, until they get worse.</summary>
/// <remarks>
/// Lu et al. 2020, <i>12-in-1: Multi-Task Vision and Language Representation Learning</i>, section 3.2, dynamic stop-and-go: a task stops
/// when its score on the validation data rose by less than 0.1% over 2 epochs, goes again when it falls by 0.5% below its best, and is
/// trained every 4th step while stopped, lest it be forgotten. The score is the task's primary metric, or its training loss where
/// there are no validation data. A step in which all tasks would rest takes all of them.
/// </remarks>
[Method(
    "stop-and-go",
    Survey = "3.3",
    Paper = "Lu et al. 2020, 12-in-1: Multi-Task Vision and Language Representation Learning",
    Arxiv = "1912.02315",
    Summary = "All tasks in every step, but those that no longer get better only now and then."
)]
public sealed class StopAndGo : TaskSchedule
{
    private readonly double stop;
    private readonly double go;
    private readonly int patience;
    private readonly int interval;
    private TaskSet? tasks;
    private double[] best = []; // greater is better; NaN until known
    private long[] stale = []; // epochs without a better score
    private long[] stopped = []; // 1 for a task that rests

    /// <summary>Sets when tasks stop and go.</summary>
    /// <param name="stop">The gain, relative to the best score, below which an epoch counts as none; 0 or more.</param>
    /// <param name="go">The loss, relative to the best score, above which a task goes again; 0 or more.</param>
    /// <param name="patience">Epochs without a gain after which a task stops; 1 or more.</param>
    /// <param name="interval">A task that has stopped takes part in every so many steps; 1 or more.</param>
    public StopAndGo(double stop = 0.001, double go = 0.005, int patience = 2, int interval = 4)
    {
        if (!(stop >= 0 && go >= 0))
        {
            throw new ArgumentException($"Relative gains and losses are 0 or more; got stop={stop} and go={go}.");
        }

        if (patience < 1 || interval < 1)
        {
            throw new ArgumentException(
                $"Patience and interval are whole numbers from 1; got {patience} and {interval}."
            );
        }

        this.stop = stop;
        this.go = go;
        this.patience = patience;
        this.interval = interval;
    }

    /// <inheritdoc/>
    public override void Begin(DataSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        tasks = sizes.Tasks;
        best = new double[tasks.Count];
        Array.Fill(best, double.NaN);
        stale = new long[tasks.Count];
        stopped = new long[tasks.Count];
    }

    /// <summary>Whether the task at this place of the set rests.</summary>
    public bool HasStopped(int task) => stopped[task] != 0;

    /// <inheritdoc/>
    public override TaskSelection Next(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (tasks is null)
        {
            throw new InvalidOperationException("Call Begin with the sizes of the training data first.");
        }

        var going = step.Step % interval == 0 ? tasks.All : tasks.All.Where(task => !HasStopped(task));
        return going.Count == 0 ? tasks.All : going;
    }

    /// <inheritdoc/>
    public override void EndEpoch(EpochOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        for (var task = 0; task < best.Length; task++)
        {
            var (value, higherIsBetter) = TaskScore.Of(outcome, task);
            if (!double.IsNaN(value))
            {
                Hear(task, higherIsBetter ? value : -value);
            }
        }
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("best", best);
        state.Set("stale", stale);
        state.Set("stopped", stopped);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        TaskScore.RequireCount(state.Numbers("best").Length, best.Length);
        best = state.Numbers("best");
        stale = state.Integers("stale");
        stopped = state.Integers("stopped");
    }

    private void Hear(int task, double score)
    {
        var unit = Math.Abs(best[task]);
        if (double.IsNaN(unit) || score > best[task] + (stop * unit))
        {
            best[task] = score;
            stale[task] = 0;
            return;
        }

        stale[task]++;
        if (HasStopped(task) ? score < best[task] - (go * unit) : stale[task] >= patience)
        {
            stopped[task] = 1 - stopped[task];
            stale[task] = 0;
        }
    }
}
