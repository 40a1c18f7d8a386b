using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Averages the task gradients number by number, without the largest and the smallest ones.</summary>
/// <remarks>Yin et al. 2018, <i>Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates</i>, definition 2.</remarks>
[Method(
    "trimmed-mean",
    Survey = "3.4",
    Paper = "Yin et al. 2018, Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates",
    Arxiv = "1803.01498",
    Summary = "Averages each number of the task gradients without its extremes: robust against a few that are far off."
)]
[Updates(UpdateProperties.Symmetric | UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class TrimmedMean : GradientAggregator
{
    private const long Piece = 1 << 13; // as many numbers of each row as stay in the processor's cache

    private readonly int trim;

    /// <summary>Sets the options.</summary>
    /// <param name="trim">How many of the largest, and as many of the smallest, numbers are left out; 0 or more.</param>
    /// <exception cref="ArgumentException">The number is negative.</exception>
    public TrimmedMean(int trim = 1)
    {
        if (trim < 0)
        {
            throw new ArgumentException($"trim is a whole number from 0; got {trim}.");
        }

        this.trim = trim;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Nothing would be left of so few tasks.</exception>
    public override void Begin(int tasks) => RequireTasks(tasks);

    private void RequireTasks(int tasks)
    {
        if (tasks <= 2 * trim)
        {
            throw new ArgumentException(
                $"trimmed-mean:trim={trim} needs {(2 * trim) + 1} tasks or more; got {tasks}: write trimmed-mean:trim={Math.Max(0, (tasks - 1) / 2)}."
            );
        }
    }

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        RequireTasks(gradients.Tasks.Tasks.Count);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        FiniteRows.Require(gradients.Rows, gradients.Tasks);
        var rows = gradients.Rows;
        var outer = Math.Min(trim, (gradients.Count - 1) / 2);
        return (
            rows.dtype == ScalarType.Float32 && rows.device.type == DeviceType.CPU && rows.is_contiguous()
                ? InOnePass(rows, outer)
                : torch.cat([.. rows.split(Piece, dim: 1).Select(piece => MeanOfRest(piece, outer))])
        ).MoveToOuterDisposeScope();
    }

    private static Tensor InOnePass(Tensor rows, int trim)
    {
        var mean = torch.empty([rows.size(1)], rows.dtype);
        TrimmedMeans.Of(
            Array.ConvertAll(rows.unbind(), Torch.Numbers.AddressOf),
            trim,
            Torch.Numbers.AddressOf(mean),
            mean.numel()
        );
        GC.KeepAlive(rows);
        return mean;
    }

    private static Tensor MeanOfRest(Tensor rows, int trim)
    {
        using var scope = torch.NewDisposeScope();
        var left = rows.unbind();
        for (var pass = 0; pass < trim; pass++)
        {
            left = Without(left, torch.maximum, torch.minimum);
            left = Without(left, torch.minimum, torch.maximum);
        }

        return torch.stack(left).mean([0L]).MoveToOuterDisposeScope();
    }

    /// <summary>The vectors without what is the most extreme at each place; quicker than sorting, which has to remember where each number was.</summary>
    private static Tensor[] Without(
        Tensor[] vectors,
        Func<Tensor, Tensor, Tensor> moreExtreme,
        Func<Tensor, Tensor, Tensor> less
    )
    {
        var left = new Tensor[vectors.Length - 1];
        var extreme = vectors[0];
        for (var i = 0; i < left.Length; i++)
        {
            left[i] = less(extreme, vectors[i + 1]);
            extreme = moreExtreme(extreme, vectors[i + 1]);
        }

        return left;
    }
}
