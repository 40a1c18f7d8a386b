namespace Plait.Optimization.MultiObjective;

/// <summary>Task gradients of several independent batches, for methods whose steps would be biased with one.</summary>
internal static class IndependentRows
{
    /// <summary>The inner products of the task gradients of one independent batch with those of another, row by row.</summary>
    /// <remarks>Its mean over batches is the Gramian of the mean gradients; that of one batch with itself is above it.</remarks>
    /// <exception cref="NonFiniteException">A gradient is not finite.</exception>
    /// <exception cref="InvalidOperationException">Nobody said where other batches come from.</exception>
    public static double[] InnerProducts(TaskGradients gradients)
    {
        using var scope = torch.NewDisposeScope();
        FiniteRows.Require(gradients.Rows, gradients.Tasks);
        var exact = gradients.AreExact;
        var first = exact ? gradients.Rows : gradients.RowsOfAnotherBatch(0);
        var second = exact ? gradients.Rows : gradients.RowsOfAnotherBatch(1);
        var products = Optimization.InnerProducts.Between(first, second);
        for (var i = 0; i < gradients.Count; i++)
        {
            if (!double.IsFinite(products[i * (gradients.Count + 1)]))
            {
                throw new NonFiniteException(gradients.Tasks[i].Name, "gradient");
            }
        }

        return products;
    }

    /// <summary>A matrix, row by row, times a vector.</summary>
    public static double[] Times(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector)
    {
        var result = new double[vector.Length];
        for (var i = 0; i < vector.Length; i++)
        {
            for (var j = 0; j < vector.Length; j++)
            {
                result[i] += matrix[(i * vector.Length) + j] * vector[j];
            }
        }

        return result;
    }
}
