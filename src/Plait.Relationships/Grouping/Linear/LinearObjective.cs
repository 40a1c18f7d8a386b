using Plait.Numerics;
using Plait.Relationships.Grouping.Prediction;

namespace Plait.Relationships.Grouping.Linear;

/// <summary>The mean loss of one task's linear model, and its derivatives by the weights.</summary>
internal sealed class LinearObjective
{
    private readonly LinearTaskData task;
    private readonly LinearLoss loss;
    private readonly double[] products; // X'X / rows
    private readonly double[] pulls; // X'y / rows

    public LinearObjective(LinearTaskData task, LinearLoss loss)
    {
        (this.task, this.loss) = (task, loss);
        (products, pulls) = ([], []);
        if (loss == LinearLoss.Squared)
        {
            (products, pulls) = (new double[task.Features * task.Features], new double[task.Features]);
            for (var i = 0; i < task.Rows; i++)
            {
                AddProduct(products, task.Row(i), 1.0 / task.Rows);
                Vectors.AddScaled(pulls, task.Targets[i] / task.Rows, task.Row(i));
            }
        }
    }

    public int Features => task.Features;

    /// <summary>The mean loss over the rows.</summary>
    public double Value(ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        for (var i = 0; i < task.Rows; i++)
        {
            var score = Vectors.Dot(task.Row(i), weights);
            var miss = score - task.Targets[i];
            sum +=
                loss == LinearLoss.Squared ? miss * miss : LogisticRidge.SoftPlus(task.Targets[i] > 0 ? -score : score);
        }

        return sum / task.Rows;
    }

    /// <summary>Gradient, [features], and Hessian, [features, features] row by row.</summary>
    public void Derivatives(ReadOnlySpan<double> weights, Span<double> gradient, Span<double> hessian)
    {
        if (loss == LinearLoss.Squared)
        {
            for (var i = 0; i < Features; i++)
            {
                gradient[i] = 2 * (Vectors.Dot(products.AsSpan(i * Features, Features), weights) - pulls[i]);
                for (var j = 0; j < Features; j++)
                {
                    hessian[(i * Features) + j] = 2 * products[(i * Features) + j];
                }
            }

            return;
        }

        gradient.Clear();
        hessian.Clear();
        for (var i = 0; i < task.Rows; i++)
        {
            var probability = LogisticRidge.Probability(Vectors.Dot(task.Row(i), weights));
            Vectors.AddScaled(gradient, (probability - task.Targets[i]) / task.Rows, task.Row(i));
            AddProduct(hessian, task.Row(i), probability * (1 - probability) / task.Rows);
        }
    }

    private static void AddProduct(Span<double> matrix, ReadOnlySpan<double> row, double factor)
    {
        for (var i = 0; i < row.Length; i++)
        {
            Vectors.AddScaled(matrix.Slice(i * row.Length, row.Length), factor * row[i], row);
        }
    }
}
