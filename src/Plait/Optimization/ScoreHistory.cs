using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization;

/// <summary>The last validation scores of each task, and how they compare with reference scores that somebody gave.</summary>
internal sealed class ScoreHistory : IStateful
{
    private readonly string method;
    private readonly double[] references;
    private readonly int window;
    private bool[] higherIsBetter = [];
    private double[] scores = []; // [tasks, window], the newest first; NaN where there is none

    /// <summary>Takes references.</summary>
    /// <param name="method">The method's name, for messages.</param>
    /// <param name="references">For each task, the primary metric to compare with; not 0.</param>
    /// <param name="window">How many scores count; 1 or more.</param>
    /// <exception cref="ArgumentException">A reference is 0 or not finite, or the window below 1.</exception>
    public ScoreHistory(string method, double[] references, int window)
    {
        ArgumentNullException.ThrowIfNull(references);
        if (references.Length == 0 || references.Any(score => score == 0 || !double.IsFinite(score)))
        {
            throw new ArgumentException(
                $"Each task needs one score to compare with, finite and not 0, such as 0.9/0.8; got '{string.Join("/", references)}'.",
                nameof(references)
            );
        }

        if (window < 1)
        {
            throw new ArgumentException($"The window is a number of scores from 1; got {window}.", nameof(window));
        }

        this.method = method;
        this.references = references;
        this.window = window;
    }

    /// <summary>Forgets all scores.</summary>
    /// <exception cref="ArgumentException">There are more or fewer tasks than references.</exception>
    public void Begin(TaskSet tasks)
    {
        if (references.Length != tasks.Count)
        {
            throw new ArgumentException(
                $"'{method}' was given {references.Length} scores to compare with ({string.Join("/", references)}), but there are {tasks.Count} tasks: {string.Join(", ", tasks.Select(task => task.Name))}."
            );
        }

        higherIsBetter = [.. tasks.Select(task => task.PrimaryMetric.HigherIsBetter)];
        scores = new double[tasks.Count * window];
        Array.Fill(scores, double.NaN);
    }

    /// <summary>Takes in the scores of an epoch; a metric that was undefined in it adds none.</summary>
    /// <exception cref="NotSupportedException">The run has no validation data.</exception>
    public void Add(EpochOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (outcome.Validation is null)
        {
            throw new NotSupportedException(
                $"'{method}' compares validation scores with those that it was given, but this run has no validation data; give some, or choose another method."
            );
        }

        for (var task = 0; task < references.Length; task++)
        {
            var score = outcome.Validation.Metrics.Primary(task);
            if (double.IsFinite(score))
            {
                var own = scores.AsSpan(task * window, window);
                own[..^1].CopyTo(own[1..]);
                own[0] = score;
            }
        }
    }

    /// <summary>By how much a task's mean score misses its reference, relative to that: 0 there, negative beyond, NaN before a score.</summary>
    public double ShortfallOf(int task)
    {
        var missing = (references[task] - MeanOf(task)) / Math.Abs(references[task]);
        return higherIsBetter[task] ? missing : -missing;
    }

    /// <summary>A task's mean score as a part of its reference, both above 0: 1 there, more beyond, never below 0, NaN before a score.</summary>
    public double RatioOf(int task)
    {
        var mean = MeanOf(task);
        return Math.Max(0, higherIsBetter[task] ? mean / references[task] : references[task] / Math.Max(0, mean));
    }

    /// <inheritdoc/>
    public void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("scores", scores);
    }

    /// <inheritdoc/>
    public void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var loaded = state.Numbers("scores");
        TaskScore.RequireCount(loaded.Length / window, references.Length);
        scores = loaded;
    }

    private double MeanOf(int task)
    {
        var (sum, count) = (0.0, 0);
        foreach (var score in scores.AsSpan(task * window, window))
        {
            if (!double.IsNaN(score))
            {
                sum += score;
                count++;
            }
        }

        return sum / count;
    }
}
