using Plait.Catalogue;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.GradientModulation;

/// <summary>Brings the moving averages of the task gradients to the length of the longest, then adds them up.</summary>
/// <remarks>
/// <para>Lin et al. 2023, <i>Dual-Balancing for Multi-Task Learning</i>, algorithm 1, lines 5 to 9: the average of task t moves by ĝ ← g + (β/k^σ)
/// (ĝ - g) in step k from 1, starting from 0, and the update is max_t ‖ĝ_t‖ Σ_t ĝ_t/‖ĝ_t‖.</para>
/// <para>The paper's other half descends the logarithms of the losses, and that is a loss weighting: together with the
/// scale-invariant one, whose gradients are those of the logarithms, this is DB-MTL. A task that sits a step out keeps its average; one
/// whose average is zero adds nothing.</para>
/// </remarks>
[Method(
    "db-mtl",
    Survey = "3.4",
    Paper = "Lin et al. 2023, Dual-Balancing for Multi-Task Learning",
    Arxiv = "2308.12029",
    Summary = "Brings averaged task gradients to the length of the longest and adds them up; meant for logarithms of losses."
)]
[Updates(UpdateProperties.Symmetric | UpdateProperties.Homogeneous | UpdateProperties.ScaleInvariant)]
public sealed class DbMtl : GradientAggregator
{
    private readonly double beta;
    private readonly double sigma;
    private Tensor? averages; // [tasks of the set, shared parameters]
    private long steps;

    /// <summary>Sets the options.</summary>
    /// <param name="beta">β: how much of the average a step keeps, from 0 to below 1; 0 looks at the present gradients alone. 0.9 in the authors' code.</param>
    /// <param name="sigma">σ: how fast that falls with the steps, 0 or more. 0 in the authors' code.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public DbMtl(double beta = 0.9, double sigma = 0)
    {
        if (!(beta is >= 0 and < 1))
        {
            throw new ArgumentException($"beta is a number from 0 to below 1; got {beta}.");
        }

        if (!(sigma >= 0 && double.IsFinite(sigma)))
        {
            throw new ArgumentException($"sigma is a number of 0 or more; got {sigma}.");
        }

        this.beta = beta;
        this.sigma = sigma;
    }

    /// <inheritdoc/>
    public override void Begin(int tasks)
    {
        averages?.Dispose();
        averages = null;
        steps = 0;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The checkpoint's averages are of another network.</exception>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (beta == 0)
        {
            var gramian = gradients.Gramian();
            var squares = new double[gradients.Count];
            for (var i = 0; i < squares.Length; i++)
            {
                squares[i] = gramian[i, i];
            }

            return gradients.Combine(Balance(squares));
        }

        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        FiniteRows.Require(gradients.Rows, gradients.Tasks); // it would never leave the averages again
        var ofTasks = Average(gradients);
        var factors = Balance(InnerProducts.SquaresOf(ofTasks));
        return ofTasks
            .t()
            .mv(torch.tensor(factors, dtype: ofTasks.dtype, device: ofTasks.device))
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("steps", [steps]);
        if (averages is not null)
        {
            state.Set("averages", averages);
        }
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        steps = state.Integers("steps")[0];
        averages?.Dispose();
        averages = state.Names.Contains("averages") ? state.Tensor("averages").DetachFromDisposeScope() : null;
    }

    /// <summary>Moves the averages of the present tasks, and returns these.</summary>
    private Tensor Average(TaskGradients gradients)
    {
        var rows = gradients.Rows;
        var all = gradients.Tasks.Tasks.Count;
        if (averages is null)
        {
            averages = torch.zeros([all, rows.size(1)], rows.dtype, rows.device).DetachFromDisposeScope();
        }
        else if (averages.dtype != rows.dtype || averages.device.ToString() != rows.device.ToString())
        {
            var moved = averages.to(rows.dtype, rows.device).DetachFromDisposeScope();
            averages.Dispose();
            averages = moved;
        }

        if (averages.size(0) != all || averages.size(1) != rows.size(1))
        {
            throw new InvalidDataException(
                $"The moving averages are of {averages.size(0)} tasks and {averages.size(1)} shared parameters, but the gradients of {all} and {rows.size(1)}: they belong to another network."
            );
        }

        steps++;
        var keep = beta / Math.Pow(steps, sigma);
        if (gradients.Count == all)
        {
            return averages.mul_(keep).add_(rows, 1 - keep).alias();
        }

        var places = torch.tensor(
            [.. gradients.Tasks.Indices.ToArray().Select(place => (long)place)],
            device: rows.device
        );
        var ofTasks = averages.index_select(0, places).mul_(keep).add_(rows, 1 - keep);
        averages.index_copy_(0, places, ofTasks);
        return ofTasks;
    }

    /// <summary>The length of the longest over each one's own; 0 for one of length 0.</summary>
    private static double[] Balance(ReadOnlySpan<double> squares)
    {
        var longest = 0.0;
        foreach (var square in squares)
        {
            longest = Math.Max(longest, square);
        }

        var factors = new double[squares.Length];
        for (var i = 0; i < factors.Length; i++)
        {
            factors[i] = squares[i] > 0 ? Math.Sqrt(longest / squares[i]) : 0;
        }

        return factors;
    }
}
