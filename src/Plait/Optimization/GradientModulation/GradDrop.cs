using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Lets, number by number, only the gradients of one sign through, and draws the sign by how strongly the tasks are for it.</summary>
/// <remarks>
/// <para>Chen et al. 2020, <i>Just Pick a Sign: Optimizing Deep Multitask Models with Gradient Sign Dropout</i>, algorithm 1. At the
/// shared representation A a task's vote is Σ over the rows of sign(A) g_t, one for each feature; at the parameters it is g_t itself.
/// The purity P = (1 + Σ votes / Σ |votes|) / 2 is the chance that the positive voters pass; the others' gradients are left out
/// wholly, or but for the leak.</para>
/// <para>Where a pass was not cut at one representation, because the network has none or each task has its own input, the
/// signs are drawn at the parameters unless the representation was asked for.</para>
/// </remarks>
[Method(
    "graddrop",
    Survey = "3.4",
    Paper = "Chen et al. 2020, Just Pick a Sign: Optimizing Deep Multitask Models with Gradient Sign Dropout",
    Arxiv = "2010.06808",
    Summary = "Draws a sign for each number of the gradient, and drops the tasks whose gradient has the other one."
)]
public sealed class GradDrop : GradientAggregator
{
    private readonly GradientPlace? at;
    private readonly double[] leak;
    private bool finds; // a shared representation in the network of the run

    /// <summary>Sets the options.</summary>
    /// <param name="at">
    /// Where the gradients are taken: at the shared representation as in the paper, or at the parameters; the former where there
    /// is one when null.
    /// </param>
    /// <param name="leak">
    /// How much of a task's dropped gradients passes all the same, from 0 to 1: one share for all tasks, or one for each; 0 when null.
    /// </param>
    /// <exception cref="ArgumentException">A share is out of its range, or the place is one to look at only.</exception>
    public GradDrop(GradientPlace? at = null, double[]? leak = null)
    {
        if (at == GradientPlace.LastSharedLayer)
        {
            throw new ArgumentException(
                "Gradients are dropped at the representation or at the parameters.",
                nameof(at)
            );
        }

        this.at = at;
        this.leak = leak is { Length: > 0 } ? leak : [0];
        if (this.leak.Any(share => share is not (>= 0 and <= 1)))
        {
            throw new ArgumentException(
                $"A leak is a share from 0 to 1; got {string.Join("/", this.leak)}.",
                nameof(leak)
            );
        }
    }

    /// <inheritdoc/>
    public override GradientPlace Place => at ?? (finds ? GradientPlace.Representation : GradientPlace.Parameters);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are several leaks, and not one for each task.</exception>
    public override void Begin(int tasks) => RequireLeaks(tasks);

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (at == GradientPlace.Representation && !network.HasSharedRepresentation)
        {
            throw new NotSupportedException(
                $"graddrop works at the shared representation, and {network.GetName()} has none: write graddrop:at=parameters."
            );
        }

        finds = network.HasSharedRepresentation;
        base.Begin(network);
    }

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentNullException.ThrowIfNull(step);
        RequireLeaks(gradients.Tasks.Tasks.Count);
        using var scope = torch.NewDisposeScope();
        var whole = at == GradientPlace.Parameters || (at is null && gradients.Representation is null);
        var rows = whole ? gradients.Rows : gradients.RowsAt(GradientPlace.Representation);
        FiniteRows.Require(rows, gradients.Tasks);
        using var chance = new torch.Generator((ulong)step.Random().NextInt64(), rows.device);
        var leaks = Leaks(gradients.Tasks, rows);
        if (whole)
        {
            return Passing(rows, leaks, chance).mul_(rows).sum(dim: 0L).MoveToOuterDisposeScope();
        }

        var values = gradients.Representation!.Values;
        var parts = rows.split([.. values.Select(value => value.numel())], 1);
        var mixed = values.Select(
            (value, i) =>
            {
                var own = parts[i].view([rows.size(0), .. value.shape]); // [tasks, rows, ...]
                var votes = own.mul(value.detach().sign()).sum(dim: 1L); // [tasks, ...]
                return Passing(votes, leaks, chance).unsqueeze(1).mul(own).sum(dim: 0L).flatten();
            }
        );
        return gradients.Backpropagate(torch.cat([.. mixed]));
    }

    /// <summary>How much of each task's gradient passes.</summary>
    /// <param name="votes">[tasks, ...].</param>
    /// <param name="leaks">[tasks].</param>
    /// <param name="chance">Draws one sign for each number of a vote.</param>
    private static Tensor Passing(Tensor votes, Tensor leaks, torch.Generator chance)
    {
        var purity = votes.sum(dim: 0L).div(votes.abs().sum(dim: 0L)).add(1).mul(0.5); // undefined where nobody votes
        var drawn = torch.rand(purity.shape, dtype: votes.dtype, device: votes.device, generator: chance);
        var positive = purity.gt(drawn).logical_and(votes.gt(0));
        var negative = purity.lt(drawn).logical_and(votes.lt(0));
        var leaking = leaks.view([votes.size(0), .. Enumerable.Repeat(1L, (int)votes.dim() - 1)]);
        return positive.logical_or(negative).to(votes.dtype).mul(1 - leaking).add(leaking);
    }

    private Tensor Leaks(TaskSelection tasks, Tensor rows)
    {
        double[] ofTasks = [.. tasks.Indices.ToArray().Select(task => leak.Length == 1 ? leak[0] : leak[task])];
        return torch.tensor(ofTasks, dtype: rows.dtype, device: rows.device);
    }

    private void RequireLeaks(int tasks)
    {
        if (leak.Length > 1 && leak.Length != tasks)
        {
            throw new ArgumentException(
                $"leak names {leak.Length} tasks ({string.Join("/", leak)}), but there are {tasks}: give one share for all, or one for each."
            );
        }
    }
}
