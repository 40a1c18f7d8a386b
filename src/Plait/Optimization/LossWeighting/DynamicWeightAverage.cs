using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.LossWeighting;

/// <summary>Gives more weight to the tasks whose losses fall slowly from epoch to epoch.</summary>
/// <remarks>
/// Liu, Johns and Davison 2019, <i>End-to-End Multi-Task Learning with Attention</i>, equation 7: with r_t the mean training loss of
/// the last epoch over that of the one before it, the weights are T softmax(r / temperature). A task without two such means
/// counts as standing still, r = 1, so the first two epochs weigh every task 1; a task that had no loss in an epoch keeps its
/// last mean.
/// </remarks>
[Method(
    "dwa",
    Survey = "3.1",
    Paper = "Liu, Johns and Davison 2019, End-to-End Multi-Task Learning with Attention",
    Arxiv = "1803.10704",
    Summary = "Weighs each loss by how slowly it fell over the last two epochs."
)]
public sealed class DynamicWeightAverage : LossWeighting
{
    private readonly double temperature;
    private readonly TaskNumbers sums = new("sums");
    private readonly TaskNumbers counts = new("counts");
    private readonly TaskNumbers lastMeans = new("last-means", double.NaN); // NaN until known
    private readonly TaskNumbers meansBefore = new("means-before", double.NaN); // NaN until known
    private readonly TaskNumbers weights = new("weights", 1);
    private int epoch;

    /// <summary>Sets the temperature.</summary>
    /// <param name="temperature">Above 0; the higher, the more even the weights. 2 in the paper.</param>
    public DynamicWeightAverage(double temperature = 2)
    {
        if (!(temperature > 0))
        {
            throw new ArgumentException($"The temperature is above 0; got {temperature}.", nameof(temperature));
        }

        this.temperature = temperature;
    }

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        epoch = 0;
        foreach (var numbers in All)
        {
            numbers.Begin(tasks.Count);
        }
    }

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(step);
        var chosen = weights.Of(losses.Tasks);
        if (step.Epoch != epoch)
        {
            CloseEpoch();
            epoch = step.Epoch;
            chosen = weights.Of(losses.Tasks);
        }

        for (var i = 0; i < losses.Count; i++)
        {
            if (double.IsFinite(losses.Numbers[i]))
            {
                sums.Values[losses.Tasks.Indices[i]] += losses.Numbers[i];
                counts.Values[losses.Tasks.Indices[i]]++;
            }
        }

        return losses.WeighedBy(chosen);
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("epoch", [(long)epoch]);
        foreach (var numbers in All)
        {
            numbers.Save(state);
        }
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        epoch = (int)state.Integers("epoch")[0];
        foreach (var numbers in All)
        {
            numbers.Load(state);
        }
    }

    private IEnumerable<TaskNumbers> All => [sums, counts, lastMeans, meansBefore, weights];

    private void CloseEpoch()
    {
        for (var task = 0; task < sums.Values.Length; task++)
        {
            meansBefore.Values[task] = lastMeans.Values[task];
            if (counts.Values[task] > 0)
            {
                lastMeans.Values[task] = sums.Values[task] / counts.Values[task];
            }

            var ratio = lastMeans.Values[task] / meansBefore.Values[task];
            weights.Values[task] = (double.IsFinite(ratio) ? ratio : 1) / temperature;
        }

        sums.Values.Clear();
        counts.Values.Clear();
        Softmax.Of(weights.Values, weights.Values);
        foreach (ref var weight in weights.Values)
        {
            weight *= weights.Values.Length;
        }
    }
}
