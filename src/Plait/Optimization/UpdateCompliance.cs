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
                $"Gradients are a matrix, one row a task; got [{string.Join(", ", gradients.shape)}].",
                nameof(gradients)
            );
        }

        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var sizes = gradients.abs().sum(dim: 0L);
        var moved = sizes.gt(0);
        var count = moved.sum().item<long>();
        if (count == 0)
        {
            return 1;
        }

        var ratios = gradients.sum(dim: 0L).abs().div(sizes.where(moved, torch.ones_like(sizes)));
        return ratios.to(ScalarType.Float64).sum().item<double>() / count;
    }

    /// <summary>The ratio of the gradients by the shared parameters; their rows are needed, so take it before a combination.</summary>
    /// <param name="gradients">One gradient a task.</param>
    /// <returns>From 0 to 1; 1 where all gradients are zero.</returns>
    /// <exception cref="InvalidOperationException">The graph was used up by a combination.</exception>
    public static double Of(TaskGradients gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        return Of(gradients.Rows);
    }
}
