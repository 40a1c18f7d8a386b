using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>Terms that objectives are made of, built on <see cref="TaskLosses.Values"/>.</summary>
internal static class Terms
{
    /// <summary>Each loss times its weight, [losses].</summary>
    public static Tensor WeighedBy(this TaskLosses losses, double[] weights) =>
        losses.Values.mul(torch.tensor(weights, dtype: losses.Values.dtype, device: losses.Values.device));

    /// <summary>The logarithm of each loss, [losses].</summary>
    /// <remarks>A loss of exactly 0 cannot fall further and has a zero gradient: its task takes no part, with logarithm and derivative 0.</remarks>
    /// <exception cref="InvalidOperationException">A loss is below 0.</exception>
    public static Tensor Logarithms(this TaskLosses losses)
    {
        losses.RequireNotNegative("takes logarithms of losses");
        if (!losses.Numbers.Contains(0))
        {
            return losses.Values.log();
        }

        var values = losses.Values;
        return torch.where(values.detach().ne(0), values, torch.ones_like(values)).log();
    }

    /// <exception cref="InvalidOperationException">A loss is below 0.</exception>
    public static void RequireNotNegative(this TaskLosses losses, string because)
    {
        for (var i = 0; i < losses.Count; i++)
        {
            if (losses.Numbers[i] < 0)
            {
                throw new InvalidOperationException(
                    $"This weighting {because}, which must be 0 or more; that of task '{losses.Tasks[i].Name}' is {losses.Numbers[i]}: choose another weighting."
                );
            }
        }
    }
}
