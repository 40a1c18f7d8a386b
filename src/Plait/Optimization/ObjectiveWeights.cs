using Plait.Tasks;

namespace Plait.Optimization;

/// <summary>The weight of each loss in an objective: the objective's derivative by it.</summary>
internal static class ObjectiveWeights
{
    /// <exception cref="ArgumentException">The objective does not depend on the losses.</exception>
    /// <exception cref="NonFiniteException">A weight is not finite.</exception>
    public static double[] Of(TaskLosses losses, Tensor objective)
    {
        if (ReferenceEquals(objective, losses.Values))
        {
            return [.. Enumerable.Repeat(1.0, losses.Count)];
        }

        using var scope = torch.NewDisposeScope();
        losses.Values.grad?.zero_();
        if (objective.requires_grad)
        {
            objective.sum().backward();
        }

        if (losses.Values.grad is not { } derivative)
        {
            throw new ArgumentException(
                "The objective does not depend on the losses: a loss weighting builds it on TaskLosses.Values.",
                nameof(objective)
            );
        }

        var weights = Torch.Numbers.Read(derivative);
        var bad = Array.FindIndex(weights, weight => !double.IsFinite(weight));
        return bad < 0 ? weights : throw new NonFiniteException(losses.Tasks[bad].Name, "weight");
    }
}
