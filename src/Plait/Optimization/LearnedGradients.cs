using TorchSharp.Modules;

namespace Plait.Optimization;

/// <summary>The gradients of what the parts of a recipe learn beside the network, such as an adapter of a distillation.</summary>
/// <remarks>
/// They receive the gradient of the weighted losses. Where the weights are found by looking at gradients, the passes come first: each
/// task's gradient is then kept by itself until the weights are known. What a gradient held before is added to in the end.
/// </remarks>
/// <param name="parameters">What is learned.</param>
/// <param name="tasks">The number of losses.</param>
internal sealed class LearnedGradients(IReadOnlyList<Parameter> parameters, int tasks)
{
    private readonly Tensor?[] before = Take(parameters);
    private readonly Tensor?[] left = new Tensor?[parameters.Count]; // by the last round of passes
    private readonly Tensor?[,] ofTask = new Tensor?[tasks, parameters.Count];
    private bool settled;

    /// <summary>The parameters.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>Keeps what a backward pass of one task's loss has just left as that task's.</summary>
    public void Keep(int task)
    {
        var found = Take(parameters);
        for (var i = 0; i < found.Length; i++)
        {
            ofTask[task, i] = Sum(ofTask[task, i], found[i]);
        }
    }

    /// <summary>Begins a round of passes, which takes the place of the round before it.</summary>
    /// <remarks>What others gave the parameters since, such as a weighting that learns, is kept.</remarks>
    public void BeginRound()
    {
        var others = Take(parameters);
        for (var i = 0; i < others.Length; i++)
        {
            before[i] = Sum(before[i], others[i]);
        }

        Release(left);
        Release(ofTask.Cast<Tensor?>());
        Array.Clear(left);
        Array.Clear(ofTask);
    }

    /// <summary>Ends a round of passes.</summary>
    public void EndRound() => Take(parameters).CopyTo(left, 0);

    /// <summary>Runs something whose passes leave nothing here.</summary>
    public Tensor Apart(Func<Tensor> passes)
    {
        var kept = Take(parameters);
        var result = passes();
        Release(Take(parameters));
        Put(kept);
        return result;
    }

    /// <summary>Gives the parameters their gradients: what they held, and what passes have left, times the weights where it was kept by task.</summary>
    /// <remarks>Done once; later calls do nothing.</remarks>
    /// <param name="weights">One a task.</param>
    public void Settle(ReadOnlySpan<double> weights)
    {
        if (settled)
        {
            return;
        }

        settled = true;
        using var noGrad = torch.no_grad();
        var sums = Take(parameters);
        for (var i = 0; i < sums.Length; i++)
        {
            for (var task = 0; task < weights.Length; task++)
            {
                ofTask[task, i]?.mul_(weights[task]);
                sums[i] = Sum(sums[i], ofTask[task, i]);
            }

            sums[i] = Sum(before[i], Sum(left[i], sums[i]));
        }

        Put(sums);
    }

    private void Put(Tensor?[] gradients)
    {
        for (var i = 0; i < gradients.Length; i++)
        {
            parameters[i].grad = gradients[i];
        }

        Release(gradients);
    }

    private static void Release(IEnumerable<Tensor?> tensors)
    {
        foreach (var tensor in tensors)
        {
            tensor?.Dispose();
        }
    }

    /// <summary>The first with the second added to it, which is released; the other where one is null.</summary>
    private static Tensor? Sum(Tensor? sum, Tensor? more)
    {
        if (sum is null || more is null)
        {
            return sum ?? more;
        }

        using var noGrad = torch.no_grad();
        sum.add_(more);
        more.Dispose();
        return sum;
    }

    /// <summary>The gradients, which the parameters have no more.</summary>
    private static Tensor?[] Take(IReadOnlyList<Parameter> parameters)
    {
        var taken = new Tensor?[parameters.Count];
        for (var i = 0; i < taken.Length; i++)
        {
            taken[i] = parameters[i].grad?.DetachFromDisposeScope();
            parameters[i].grad = null;
        }

        return taken;
    }
}
