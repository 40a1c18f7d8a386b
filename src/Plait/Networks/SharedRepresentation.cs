namespace Plait.Networks;

/// <summary>
/// The tensors through which all shared parameters act, with one copy for each task: below them everything is shared, above
/// them nothing is.
/// </summary>
/// <remarks>
/// The copies are leaves of their own, so that one backward pass over the sum of the losses gives every dL_t/dz at once and
/// stops there. It is what makes T task gradients cost T trunk passes and one pass over the heads, and what MGDA-UB
/// (Sener &amp; Koltun 2018, section 3.3) needs.
/// </remarks>
public sealed class SharedRepresentation
{
    private readonly Tensor[] values;
    private readonly Tensor[][] leaves;

    /// <summary>Cuts here.</summary>
    /// <param name="tasks">How many tasks the set has.</param>
    /// <param name="values">The tensors, still tied to the shared parameters.</param>
    /// <exception cref="ArgumentException">There is no tensor, or one is tied to nothing that learns.</exception>
    public SharedRepresentation(int tasks, params Tensor[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length == 0 || values.Any(value => !value.requires_grad))
        {
            throw new ArgumentException("A network is cut at tensors that need a gradient.", nameof(values));
        }

        this.values = values;
        leaves = new Tensor[tasks][];
    }

    /// <summary>The tensors, still tied to the shared parameters.</summary>
    public IReadOnlyList<Tensor> Values => values;

    /// <summary>The copies of the task at this place of the set, made at the first call.</summary>
    public IReadOnlyList<Tensor> Of(int task) =>
        leaves[task] ??= [.. values.Select(value => value.detach().requires_grad_())];
}
