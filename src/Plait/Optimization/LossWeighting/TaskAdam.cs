using Plait.Torch;

namespace Plait.Optimization.LossWeighting;

/// <summary>Adam on one number a task, for weights that a method learns at a pace of its own.</summary>
/// <remarks>
/// Kingma and Ba 2015, <i>Adam: A Method for Stochastic Optimization</i>, algorithm 1, without its epsilon: a step has no unit,
/// so weights learned from gradients of any scale move alike, and a number whose gradient was always 0 stays. A task without a
/// part in the step keeps its number and its moments.
/// </remarks>
/// <param name="learningRate">About how far a number moves in a step.</param>
/// <param name="decay">Times the number, added to its gradient.</param>
internal sealed class TaskAdam(double learningRate, double decay = 0)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;

    private readonly TaskNumbers mean = new("adam-mean");
    private readonly TaskNumbers square = new("adam-square");
    private readonly TaskNumbers steps = new("adam-steps");

    public void Begin(int tasks)
    {
        mean.Begin(tasks);
        square.Begin(tasks);
        steps.Begin(tasks);
    }

    /// <summary>Moves the numbers of some tasks against their gradient.</summary>
    /// <param name="places">The tasks' places in the set.</param>
    /// <param name="gradient">One derivative for each of them, finite.</param>
    /// <param name="values">The numbers of all tasks of the set.</param>
    public void Step(ReadOnlySpan<int> places, ReadOnlySpan<double> gradient, Span<double> values)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var task = places[i];
            var slope = gradient[i] + (decay * values[task]);
            var count = ++steps.Values[task];
            var first = mean.Values[task] = (Beta1 * mean.Values[task]) + ((1 - Beta1) * slope);
            var second = square.Values[task] = (Beta2 * square.Values[task]) + ((1 - Beta2) * slope * slope);
            if (second > 0)
            {
                values[task] -=
                    learningRate
                    * (first / (1 - Math.Pow(Beta1, count)))
                    / Math.Sqrt(second / (1 - Math.Pow(Beta2, count)));
            }
        }
    }

    public void Save(StateDictionary state)
    {
        mean.Save(state);
        square.Save(state);
        steps.Save(state);
    }

    public void Load(StateDictionary state)
    {
        mean.Load(state);
        square.Load(state);
        steps.Load(state);
    }
}
