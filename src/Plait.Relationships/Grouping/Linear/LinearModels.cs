using Plait.Numerics;
using Plait.Relationships.Grouping.Prediction;

namespace Plait.Relationships.Grouping.Linear;

/// <summary>A linear model a task.</summary>
public sealed class LinearModels
{
    private readonly double[][] weights;

    internal LinearModels(IReadOnlyList<LinearTaskData> tasks, LinearLoss loss, double[][] weights)
    {
        Tasks = [.. tasks.Select(task => task.Name)];
        Loss = loss;
        this.weights = weights;
    }

    /// <summary>The tasks' names.</summary>
    public IReadOnlyList<string> Tasks { get; }

    /// <summary>What the models were learned by.</summary>
    public LinearLoss Loss { get; }

    /// <summary>A task's weights, [features].</summary>
    /// <param name="task">Its place.</param>
    public ReadOnlySpan<double> Weights(int task) => weights[task];

    /// <summary>What a task's model says of a row: the number, or under the logistic loss the probability of 1.</summary>
    /// <param name="task">The task's place.</param>
    /// <param name="row">[features].</param>
    /// <exception cref="ArgumentException">The row has another number of features.</exception>
    public double Predict(int task, ReadOnlySpan<double> row)
    {
        if (row.Length != weights[task].Length)
        {
            throw new ArgumentException(
                $"The models were learned on {weights[task].Length} features; the row has {row.Length}.",
                nameof(row)
            );
        }

        var score = Vectors.Dot(weights[task], row);
        return Loss == LinearLoss.Logistic ? LogisticRidge.Probability(score) : score;
    }

    /// <summary>The mean loss of a task's model over rows.</summary>
    /// <param name="task">The task's place.</param>
    /// <param name="data">Rows of that task, such as those kept for a test.</param>
    public double MeanLoss(int task, LinearTaskData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new LinearObjective(data, Loss).Value(weights[task]);
    }

    /// <summary>How alike the tasks are: the cosines of their weights, from -1 to 1.</summary>
    public AffinityMatrix Similarity() => Cosines(Tasks, weights);

    /// <summary>The cosines between some vectors, one a task, as an affinity; 0 beside a vector of zeros, 1 on the diagonal.</summary>
    internal static AffinityMatrix Cosines(IReadOnlyList<string> tasks, IReadOnlyList<double[]> vectors)
    {
        var values = new double[vectors.Count * vectors.Count];
        for (var i = 0; i < vectors.Count; i++)
        {
            for (var j = 0; j < vectors.Count; j++)
            {
                var lengths =
                    Math.Sqrt(Vectors.Dot(vectors[i], vectors[i])) * Math.Sqrt(Vectors.Dot(vectors[j], vectors[j]));
                values[(i * vectors.Count) + j] =
                    i == j ? 1
                    : lengths > 0 ? Vectors.Dot(vectors[i], vectors[j]) / lengths
                    : 0;
            }
        }

        return new AffinityMatrix(tasks, values);
    }
}
