using Plait.Tasks;

namespace Plait.Optimization;

/// <summary>How far the tasks' gradients agree: the mean over parameters of |the sum of the gradients| / the sum of their sizes.</summary>
/// <remarks>
/// The update compliance ratio of Zhao et al. 2018, <i>A Modulation Module for Multi-task Learning with Applications in Image Retrieval</i>,
/// section 3. It is 1 where all tasks want every parameter to go the same way, and 0 where what they want cancels out.
/// A parameter that no task moves says nothing and is left out.
/// </remarks>
public static class UpdateCompliance
{
    /// <summary>The ratio of some gradients.</summary>
    /// <param name="gradients">[tasks, parameters].</param>
    /// <returns>From 0 to 1; 1 where all gradients are zero.</returns>
    /// <exception cref="ArgumentException">They are no matrix.</exception>
    public static double Of(Tensor gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients.dim() != 2)
        {
            throw new ArgumentException(
                $"Gradients are a matrix, one row a task; got {TargetShapes.Text(gradients.shape)}.",
                nameof(gradients)
            );
        }

        var tally = new ComplianceTally();
        tally.Add(gradients);
        return tally.Ratio;
    }

    /// <summary>The ratio of the gradients at a place; by the shared parameters it needs their rows, so take it before a combination.</summary>
    /// <param name="gradients">One gradient a task.</param>
    /// <param name="location">At the parameters, the last shared layer, or the shared representation, whose numbers then stand for the parameters.</param>
    /// <returns>From 0 to 1; 1 where all gradients are zero.</returns>
    /// <exception cref="InvalidOperationException">The graph was used up by a combination, or the network has no such location.</exception>
    public static double Of(TaskGradients gradients, GradientLocation location = GradientLocation.Parameters)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        using var scope = torch.NewDisposeScope();
        var tally = new ComplianceTally();
        gradients.Tally(tally, location);
        return tally.Ratio;
    }
}
