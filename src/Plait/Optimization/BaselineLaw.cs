using Plait.Tasks;

namespace Plait.Optimization;

/// <summary>The law that tasks count the more the further their scores are below a baseline.</summary>
/// <remarks>
/// Jean, Firat and Johnson 2019, <i>Adaptive Scheduling for Multi-Task Learning</i>: 1 / (min(1, S/b)^α + ε). A score beyond its baseline
/// counts as one at it, so that no task is punished for doing well.
/// </remarks>
internal sealed class BaselineLaw
{
    private readonly double power;
    private readonly double floor;

    /// <summary>Takes baselines.</summary>
    /// <exception cref="ArgumentException">A baseline is not above 0, or power or floor are out of range.</exception>
    public BaselineLaw(string method, double[] baselines, double power, double floor)
    {
        ArgumentNullException.ThrowIfNull(baselines);
        if (baselines.Any(score => !(score > 0)))
        {
            throw new ArgumentException(
                $"Scores are compared by their ratio, so baselines are above 0; got {string.Join("/", baselines)}.",
                nameof(baselines)
            );
        }

        if (!(power >= 0 && double.IsFinite(power)))
        {
            throw new ArgumentException($"The power is finite and 0 or more; got {power}.", nameof(power));
        }

        if (!(floor > 0 && double.IsFinite(floor)))
        {
            throw new ArgumentException($"The floor is finite and above 0; got {floor}.", nameof(floor));
        }

        this.power = power;
        this.floor = floor;
        History = new ScoreHistory(method, baselines, window: 1);
    }

    /// <summary>The scores so far.</summary>
    public ScoreHistory History { get; }

    /// <summary>Starts a run.</summary>
    public void Begin(TaskSet tasks) => History.Begin(tasks);

    /// <summary>How much a task counts; as much as one at its baseline before it has a score.</summary>
    public double WeightOf(int task)
    {
        var ratio = History.RatioOf(task);
        return 1 / (Math.Pow(double.IsNaN(ratio) ? 1 : Math.Min(1, ratio), power) + floor);
    }
}
