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
[Updates(UpdateProperties.Symmetric | UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class GradDrop : GradientAggregator
{
    private const long Piece = 1 << 13; // as many numbers of each row as stay in the processor's cache

    private readonly GradientLocation? at;
    private readonly double[] leak;

    /// <summary>Sets the options.</summary>
    /// <param name="at">
    /// Where the gradients are taken: at the shared representation as in the paper, or at the parameters; the former where there
    /// is one when null.
    /// </param>
    /// <param name="leak">
    /// How much of a task's dropped gradients passes all the same, from 0 to 1: one share for all tasks, or one for each; 0 when null.
    /// </param>
    /// <exception cref="ArgumentException">A share is out of its range, or the place is one to look at only.</exception>
    public GradDrop(GradientLocation? at = null, double[]? leak = null)
    {
        if (at == GradientLocation.LastSharedLayer)
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
    public override GradientLocation Location => at ?? GradientLocation.Parameters;

    /// <inheritdoc/>
    public override GradientLocation LocationIn(MultiTaskNetwork network, bool sharesInput)
    {
        ArgumentNullException.ThrowIfNull(network);
        return at
            ?? (
                network.HasSharedRepresentation && network.LearnsShared && sharesInput
                    ? GradientLocation.Representation
                    : GradientLocation.Parameters
            );
    }

    /// <inheritdoc/>
    public override bool ReadsRepresentation => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are several leaks, and not one for each task.</exception>
    public override void Begin(int tasks) => RequireLeaks(tasks);

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentNullException.ThrowIfNull(step);
        RequireLeaks(gradients.Tasks.Tasks.Count);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        return at == GradientLocation.Parameters || (at is null && !gradients.IsCut)
            ? AtParameters(gradients, step).MoveToOuterDisposeScope()
            : gradients.Backpropagate(AtRepresentation(gradients, step));
    }

    private Tensor AtParameters(TaskGradients gradients, StepContext step)
    {
        var rows = gradients.Rows;
        FiniteRows.Require(rows, gradients.Tasks);
        using var chance = new torch.Generator((ulong)step.Random().NextInt64(), rows.device);
        var drawn = torch.rand([rows.size(1)], dtype: rows.dtype, device: rows.device, generator: chance);
        var leaks = Leaks(gradients.Tasks, rows);
        var update = torch.empty_like(drawn);
        for (var start = 0L; start < rows.size(1); start += Piece)
        {
            using var scope = torch.NewDisposeScope();
            var length = Math.Min(Piece, rows.size(1) - start);
            var votes = rows.narrow(1, start, length);
            var passing = Passing(votes, drawn.narrow(0, start, length), leaks);
            update.narrow(0, start, length).copy_(passing.mul_(votes).sum(dim: 0L));
        }

        return update;
    }

    private Tensor AtRepresentation(TaskGradients gradients, StepContext step)
    {
        var found = gradients.AtRepresentation();
        var values = gradients.Graph.Representation.Values;
        using var chance = new torch.Generator((ulong)step.Random().NextInt64(), values[0].device);
        var leaks = Leaks(gradients.Tasks, values[0]);
        var mixed = new Tensor[found.Length];
        for (var part = 0; part < mixed.Length; part++)
        {
            var votes = Votes(found[part], values[part].sign(), gradients.Tasks); // [tasks, ...]
            var drawn = torch.rand(votes.shape[1..], dtype: votes.dtype, device: votes.device, generator: chance);
            mixed[part] = Mix(found[part], Passing(votes, drawn, leaks), values[part]).flatten();
        }

        return mixed.Length == 1 ? mixed[0] : torch.cat(mixed);
    }

    /// <summary>What each task wants of each feature, over all rows.</summary>
    /// <param name="ofTasks">The tasks' gradients, [rows, ...] each; null is zero.</param>
    /// <param name="signs">Of the representation, [rows, ...].</param>
    /// <param name="tasks">The tasks.</param>
    private static Tensor Votes(Tensor?[] ofTasks, Tensor signs, TaskSelection tasks)
    {
        var votes = torch.zeros([ofTasks.Length, .. signs.shape[1..]], signs.dtype, signs.device);
        for (var i = 0; i < ofTasks.Length; i++)
        {
            if (ofTasks[i] is { } own)
            {
                using var scope = torch.NewDisposeScope(); // the next task's product takes the memory, in the cache still
                votes.select(0, i).copy_(own.mul(signs).sum(dim: 0L));
            }
        }

        if (!votes.sum().isfinite().item<bool>())
        {
            FiniteRows.Require(ofTasks, tasks);
        }

        return votes;
    }

    /// <summary>The gradients of the tasks, as far as they pass.</summary>
    private static Tensor Mix(Tensor?[] ofTasks, Tensor passing, Tensor like)
    {
        var mixed = torch.zeros_like(like);
        for (var i = 0; i < ofTasks.Length; i++)
        {
            if (ofTasks[i] is { } own)
            {
                mixed.addcmul_(own, passing.select(0, i), 1);
            }
        }

        return mixed;
    }

    /// <summary>How much of each task's gradient passes.</summary>
    /// <param name="votes">[tasks, ...].</param>
    /// <param name="drawn">From 0 to 1, one for each number of a vote.</param>
    /// <param name="leaks">[tasks].</param>
    private Tensor Passing(Tensor votes, Tensor drawn, Tensor leaks)
    {
        var purity = votes.sum(dim: 0L).div_(votes.abs().sum(dim: 0L)).add_(1).mul_(0.5); // undefined where nobody votes
        var chosen = purity.sub_(drawn).sign_().nan_to_num_(0); // the sign that passes
        var passing = votes.sign().mul_(chosen).clamp_min_(0);
        return leak.AsSpan().ContainsAnyExcept(0.0)
            ? passing.mul_(1 - Along(leaks, votes)).add_(Along(leaks, votes))
            : passing;
    }

    private static Tensor Along(Tensor ofTasks, Tensor like) =>
        ofTasks.view([like.size(0), .. Enumerable.Repeat(1L, (int)like.dim() - 1)]);

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
