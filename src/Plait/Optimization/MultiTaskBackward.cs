using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Optimization;

/// <summary>The backward pass of several losses, for networks and loops that know nothing else of this library.</summary>
/// <remarks>A <see cref="Networks.MultiTaskNetwork"/> has quicker ways in <see cref="TaskGradients.Of"/>.</remarks>
public static class MultiTaskBackward
{
    /// <summary>
    /// Fills the gradients of all parameters, as <c>backward</c> of one loss does: of the shared ones by what an aggregator makes of
    /// the tasks' gradients, of every other one by its weighted losses. One backward pass a task,
    /// and one more where the method weighs the tasks' private parameters too.
    /// </summary>
    /// <param name="losses">One loss a task; their graph is used up.</param>
    /// <param name="shared">
    /// The parameters that the tasks share. Their gradients are replaced, and zero where no loss reaches; those of other
    /// parameters are added to, so that an optimizer's <c>zero_grad</c> comes before as usual. Those that do not learn
    /// (<c>requires_grad</c> is false) are left alone, also where that is all of them.
    /// </param>
    /// <param name="aggregator">Turns the task gradients into one update; its <c>Begin</c> was called with the number of tasks.</param>
    /// <param name="step">Where the run stands; the start of a run when null.</param>
    /// <param name="objective">What a loss weighting returned for these losses; null weighs each loss 1.</param>
    /// <exception cref="ArgumentException">No shared parameter is given, or the objective is not made of the losses.</exception>
    /// <exception cref="NonFiniteException">A weight, or a gradient that the aggregator looks at, is not finite.</exception>
    /// <exception cref="InvalidOperationException">The aggregator needs a network.</exception>
    public static void Backward(
        this TaskLosses losses,
        IEnumerable<Parameter> shared,
        GradientAggregator aggregator,
        StepContext? step = null,
        Tensor? objective = null
    )
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(shared);
        ArgumentNullException.ThrowIfNull(aggregator);
        Parameter[] given = [.. shared];
        if (given.Length == 0)
        {
            throw new ArgumentException(
                "No shared parameter is given; name those that the tasks share.",
                nameof(shared)
            );
        }

        Parameter[] parameters = [.. given.Where(parameter => parameter.requires_grad)];

        using var scope = torch.NewDisposeScope();
        var weights = objective is null
            ? [.. Enumerable.Repeat(1.0, losses.Count)]
            : ObjectiveWeights.Of(losses, objective);
        var later = aggregator.WeighsPrivateParameters;
        Tensor[]? inputs = later ? [.. parameters] : null;
        var rows = new Tensor[losses.Count];
        for (var task = 0; task < rows.Length; task++)
        {
            rows[task] = Row(losses.Scalars[task], weights[task], parameters, inputs, later || task < rows.Length - 1);
        }

        using var gradients = new GivenGradients(losses.Tasks, torch.stack(rows), losses, another: null);
        var update = aggregator.Aggregate(gradients, step ?? new StepContext { Tasks = losses.Tasks.Tasks }).detach();
        if (later)
        {
            var seeds = losses.Scalars.Select(
                (loss, task) => torch.full_like(loss, weights[task] * gradients.PrivateFactors[task])
            );
            torch.autograd.backward([.. losses.Scalars], [.. seeds]);
        }

        var offset = 0L;
        foreach (var parameter in parameters)
        {
            parameter.grad = update.narrow(0, offset, parameter.numel()).view(parameter.shape);
            offset += parameter.numel();
        }
    }

    /// <summary>The gradient of one loss by the shared parameters; every other parameter receives its own, unless inputs are given.</summary>
    private static Tensor Row(Tensor loss, double weight, Parameter[] parameters, Tensor[]? inputs, bool retain)
    {
        foreach (var parameter in parameters)
        {
            parameter.grad = null;
        }

        if (inputs is not { Length: 0 })
        {
            torch.autograd.backward([loss], [torch.full_like(loss, weight)], retain, inputs: inputs);
        }

        return torch.cat([
            torch.empty([0], loss.dtype, loss.device), // so that there is a row where no shared parameter learns
            .. parameters.Select(parameter =>
                parameter.grad is { } gradient ? gradient.flatten() : torch.zeros_like(parameter).detach().flatten()
            ),
        ]);
    }
}
