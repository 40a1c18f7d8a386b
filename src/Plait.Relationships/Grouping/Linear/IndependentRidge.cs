namespace Plait.Relationships.Grouping.Linear;

/// <summary>Learns every task alone, under a penalty on the squares of its weights: what joint learning has to beat.</summary>
/// <remarks>Hoerl and Kennard 1970, <i>Ridge Regression</i>; by Newton's method for the logistic loss.</remarks>
public static class IndependentRidge
{
    /// <summary>Minimises for every task its mean loss + penalty |w|².</summary>
    /// <param name="tasks">One or more, over the same features.</param>
    /// <param name="penalty">Above 0.</param>
    /// <param name="loss">What the models are judged by.</param>
    /// <exception cref="ArgumentException">The tasks do not fit each other or the loss, or the penalty is too small for their numbers.</exception>
    public static LinearModels Fit(
        IReadOnlyList<LinearTaskData> tasks,
        double penalty,
        LinearLoss loss = LinearLoss.Squared
    )
    {
        LinearTaskData.Require(tasks, loss);
        Strengths.Require(penalty, nameof(penalty));
        return new LinearModels(
            tasks,
            loss,
            Weights([.. tasks.Select(task => new LinearObjective(task, loss))], penalty)
        );
    }

    internal static double[][] Weights(LinearObjective[] objectives, double penalty)
    {
        var features = objectives[0].Features;
        var diagonal = new double[features * features];
        for (var i = 0; i < features; i++)
        {
            diagonal[i * (features + 1)] = penalty;
        }

        return Array.ConvertAll(
            objectives,
            objective =>
            {
                var weights = new double[features];
                QuadraticPenalty.Minimize(objective, diagonal, weights);
                return weights;
            }
        );
    }
}
