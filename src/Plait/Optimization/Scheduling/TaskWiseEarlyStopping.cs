using Plait.Catalogue;
using Plait.Data;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains all tasks in every step until a helper of the main task has nothing left to give; it is then trained no more.</summary>
/// <remarks>
/// <para>Zhang et al. 2014, <i>Facial Landmark Detection by Deep Multi-task Learning</i>, section 3.2: after epoch t the auxiliary task a stops when
/// [k med E_tr / (Σ E_tr - k med E_tr)] [(E_val(t) - min E_tr) / (λ_a min E_tr)] is above ε, with median and sum over the last k epochs
/// and the minimum over all. The first factor is small while the training loss falls quickly, the second grows as the task overfits.</para>
/// <para>The paper does not say what a sum below k medians means, where the first factor is negative: as written, the task goes on. ε and k are not given either; the
/// defaults are this library's.</para>
/// </remarks>
[Method(
    "task-wise-early-stopping",
    Survey = "2.1",
    Paper = "Zhang et al. 2014, Facial Landmark Detection by Deep Multi-task Learning",
    Summary = "All tasks in every step; helpers of the main task stop for good once they overfit."
)]
public sealed class TaskWiseEarlyStopping : TaskSchedule
{
    private readonly string? main;
    private readonly int window;
    private readonly double threshold;
    private readonly double[]? importance;
    private TaskSet? tasks;
    private int mainPlace;
    private double[] recent = []; // [tasks, window] training losses, the newest first; NaN where there is none yet
    private double[] lowest = []; // of the training losses
    private long[] stopped = []; // 1 for a task that has stopped

    /// <summary>Sets the main task and when the others stop.</summary>
    /// <param name="main">The main task's name; the first task when null.</param>
    /// <param name="window">k: over how many epochs the training loss is looked at; 2 or more.</param>
    /// <param name="threshold">ε, above 0; the higher, the longer helpers stay.</param>
    /// <param name="importance">λ: for each task a number above 0, the higher the longer it stays; 1 when null. The main task's does not count.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public TaskWiseEarlyStopping(
        string? main = null,
        int window = 5,
        double threshold = 100,
        double[]? importance = null
    )
    {
        if (window < 2)
        {
            throw new ArgumentException($"The window is a number of epochs from 2; got {window}.", nameof(window));
        }

        if (!(threshold > 0 && double.IsFinite(threshold)))
        {
            throw new ArgumentException($"The threshold is above 0; got {threshold}.", nameof(threshold));
        }

        if (importance is not null && Array.Exists(importance, number => !(number > 0 && double.IsFinite(number))))
        {
            throw new ArgumentException(
                $"Importances are above 0, such as 1/0.5; got '{string.Join("/", importance)}'.",
                nameof(importance)
            );
        }

        this.main = main;
        this.window = window;
        this.threshold = threshold;
        this.importance = importance;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No task has the main task's name, it has no batch, or there are more or fewer importances than tasks.</exception>
    public override void Begin(DataSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        tasks = sizes.Tasks;
        if (main is not null && !tasks.Contains(main))
        {
            throw new ArgumentException(
                $"There is no task '{main}' to be the main one; the tasks are {string.Join(", ", tasks)}.",
                nameof(sizes)
            );
        }

        if (importance is not null && importance.Length != tasks.Count)
        {
            throw new ArgumentException(
                $"Each of {tasks.Count} tasks has one importance; got {importance.Length}.",
                nameof(sizes)
            );
        }

        mainPlace = main is null ? 0 : tasks.IndexOf(main);
        if (sizes.Batches[mainPlace] == 0)
        {
            throw new ArgumentException(
                $"The main task '{tasks[mainPlace].Name}' has no batch; choose another by main=NAME.",
                nameof(sizes)
            );
        }

        recent = new double[tasks.Count * window];
        Array.Fill(recent, double.NaN);
        lowest = new double[tasks.Count];
        Array.Fill(lowest, double.PositiveInfinity);
        stopped = new long[tasks.Count];
    }

    /// <summary>Whether the task at this place of the set is trained no more.</summary>
    public bool HasStopped(int task) => stopped[task] != 0;

    /// <inheritdoc/>
    public override TaskSelection Next(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return tasks is null
            ? throw new InvalidOperationException("Call Begin with the sizes of the training data first.")
            : tasks.All.Where(task => !HasStopped(task));
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The run has no validation data.</exception>
    public override void EndEpoch(EpochOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (outcome.Validation is not { } validation)
        {
            throw new NotSupportedException(
                "'task-wise-early-stopping' compares training with validation losses, but this run has no validation data; give some, or choose another schedule."
            );
        }

        for (var task = 0; task < stopped.Length; task++)
        {
            if (task == mainPlace || HasStopped(task) || double.IsNaN(outcome.TrainingLosses[task]))
            {
                continue;
            }

            Hear(task, outcome.TrainingLosses[task]);
            if (Criterion(task, validation.Losses[task]) > threshold)
            {
                stopped[task] = 1;
            }
        }
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("recent", recent);
        state.Set("lowest", lowest);
        state.Set("stopped", stopped);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        TaskScore.RequireCount(state.Numbers("lowest").Length, lowest.Length);
        TaskScore.RequireCount(state.Numbers("recent").Length / window, lowest.Length);
        recent = state.Numbers("recent");
        lowest = state.Numbers("lowest");
        stopped = state.Integers("stopped");
    }

    private void Hear(int task, double loss)
    {
        var own = recent.AsSpan(task * window, window);
        own[..^1].CopyTo(own[1..]);
        own[0] = loss;
        lowest[task] = Math.Min(lowest[task], loss);
    }

    /// <summary>What is compared with ε; NaN while the window is not full, and where a loss is not above 0, so that it has no relative size.</summary>
    private double Criterion(int task, double validationLoss)
    {
        var losses = recent.AsSpan(task * window, window).ToArray();
        if (Array.Exists(losses, double.IsNaN) || !(lowest[task] > 0))
        {
            return double.NaN;
        }

        var medians = window * Median(losses);
        var tendency = medians / (losses.Sum() - medians);
        var generalization = (validationLoss - lowest[task]) / ((importance?[task] ?? 1) * lowest[task]);
        return tendency < 0 ? double.NaN : tendency * generalization;
    }

    private static double Median(double[] numbers)
    {
        var sorted = numbers.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
