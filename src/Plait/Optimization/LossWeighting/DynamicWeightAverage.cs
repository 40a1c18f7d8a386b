using Plait.Catalogue;
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
    private int epoch;
    private double[] sums = [];
    private double[] counts = [];
    private double[] lastMeans = []; // NaN until known
    private double[] meansBefore = []; // NaN until known
    private double[] weights = [];

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
        sums = new double[tasks.Count];
        counts = new double[tasks.Count];
        lastMeans = new double[tasks.Count];
        meansBefore = new double[tasks.Count];
        weights = new double[tasks.Count];
        Array.Fill(lastMeans, double.NaN);
        Array.Fill(meansBefore, double.NaN);
        Array.Fill(weights, 1);
    }

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(step);
        if (weights.Length != losses.Tasks.Tasks.Count)
        {
            throw new InvalidOperationException("Call Begin with the run's tasks first.");
        }

        if (step.Epoch != epoch)
        {
            CloseEpoch();
            epoch = step.Epoch;
        }

        var places = losses.Tasks.Indices;
        var numbers = losses.Numbers;
        var chosen = new double[losses.Count];
        for (var i = 0; i < losses.Count; i++)
        {
            chosen[i] = weights[places[i]];
            if (double.IsFinite(numbers[i]))
            {
                sums[places[i]] += numbers[i];
                counts[places[i]]++;
            }
        }

        return losses.Values.mul(torch.tensor(chosen, dtype: losses.Values.dtype, device: losses.Values.device));
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("epoch", [(long)epoch]);
        state.Set("sums", sums);
        state.Set("counts", counts);
        state.Set("last-means", lastMeans);
        state.Set("means-before", meansBefore);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var loaded = state.Numbers("sums");
        if (loaded.Length != weights.Length)
        {
            throw new InvalidDataException(
                $"The file holds dynamic weights of {loaded.Length} tasks but the run has {weights.Length}: it belongs to another recipe."
            );
        }

        epoch = (int)state.Integers("epoch")[0];
        sums = loaded;
        counts = state.Numbers("counts");
        lastMeans = state.Numbers("last-means");
        meansBefore = state.Numbers("means-before");
        SetWeights();
    }

    private void CloseEpoch()
    {
        for (var task = 0; task < sums.Length; task++)
        {
            meansBefore[task] = lastMeans[task];
            if (counts[task] > 0)
            {
                lastMeans[task] = sums[task] / counts[task];
            }

            sums[task] = 0;
            counts[task] = 0;
        }

        SetWeights();
    }

    private void SetWeights()
    {
        for (var task = 0; task < weights.Length; task++)
        {
            var ratio = lastMeans[task] / meansBefore[task];
            weights[task] = (double.IsFinite(ratio) ? ratio : 1) / temperature;
        }

        var largest = weights.Max();
        var sum = weights.Sum(logit => Math.Exp(logit - largest));
        for (var task = 0; task < weights.Length; task++)
        {
            weights[task] = weights.Length * Math.Exp(weights[task] - largest) / sum;
        }
    }
}
