using Plait.Catalogue;
using Plait.Networks;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.GradientModulation;

/// <summary>Gives all tasks' gradients by the shared features one length, and learns rotations of the features under which they point one way.</summary>
/// <remarks>
/// <para>Javaloy and Valera 2022, <i>RotoGrad: Gradient Homogenization in Multitask Learning</i>, algorithm 1. With G_t the gradient of task t by
/// the shared features of the batch, the trunk receives C Σ G_t / |G_t|, where C = Σ α_t |G_t| and α_t is proportional to |G_t| over its
/// value at the start: tasks that have converged less count more. The rotations descend on -Σ_n ⟨R_t' g~_nt, v_n⟩, where g~ is
/// the gradient by the rotated features and v_n the mean over the tasks of G_t / |G_t|.</para>
/// <para>The start is the first step, and again the step at which the burn-in ends, as in the authors' code, since losses fall
/// quickly in the first steps. The heads learn from their losses as they are.</para>
/// </remarks>
[Method(
    "rotograd",
    Survey = "3.4",
    Paper = "Javaloy and Valera 2022, RotoGrad: Gradient Homogenization in Multitask Learning",
    Arxiv = "2103.02631",
    Summary = "Equal lengths for the task gradients, and learned rotations that align them; for the network 'rotated'."
)]
public sealed class RotoGrad : GradientAggregator
{
    private readonly int burnIn;
    private double[] starts = []; // by the tasks' places in the set: the norm at the start; NaN before it, or while it was 0

    /// <summary>Sets the options.</summary>
    /// <param name="burnIn">The step at which the norms at the start are taken anew, 1 or more; 20 in the authors' code.</param>
    /// <exception cref="ArgumentException">It is below 1.</exception>
    public RotoGrad(int burnIn = 20)
    {
        if (burnIn < 1)
        {
            throw new ArgumentException($"burn-in is a number of steps of 1 or more; got {burnIn}.", nameof(burnIn));
        }

        this.burnIn = burnIn;
    }

    /// <inheritdoc/>
    public override GradientLocation Location => GradientLocation.Representation;

    /// <inheritdoc/>
    public override bool ReadsRepresentation => true;

    /// <inheritdoc/>
    public override void Begin(int tasks)
    {
        starts = new double[tasks];
        Array.Fill(starts, double.NaN);
    }

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network)
    {
        _ = Require(network);
        base.Begin(network);
    }

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentNullException.ThrowIfNull(step);
        var network = Require(gradients.Graph.Network);
        if (starts.Length != network.Tasks.Count)
        {
            Begin(network.Tasks.Count);
        }

        using var scope = torch.NewDisposeScope();
        var flat = gradients.RowsAt(GradientLocation.Representation);
        FiniteRows.Require(flat, gradients.Tasks);
        var rows = flat.to(ScalarType.Float64);
        var norms = Numbers.Read(torch.linalg.vector_norm(rows, dims: [1]));
        var factors = new double[norms.Length];
        for (var i = 0; i < norms.Length; i++)
        {
            factors[i] = norms[i] > 0 ? 1 / norms[i] : 0;
        }

        var units = rows.mul(torch.tensor(factors, device: rows.device).unsqueeze(1));
        var length = Length(norms, gradients.Tasks, step.Step);
        var update = gradients.Backpropagate(units.sum(dim: 0L).mul(length).to(flat.dtype));
        Turn(network, gradients, rows, units);
        return update;
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("starts", starts);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        starts = state.Numbers("starts");
    }

    /// <summary>The mean of the norms, each weighted by what is left of it since the start.</summary>
    private double Length(ReadOnlySpan<double> norms, TaskSelection tasks, long step)
    {
        var left = 0.0;
        var sum = 0.0;
        for (var i = 0; i < norms.Length; i++)
        {
            ref var start = ref starts[tasks.Indices[i]];
            if (norms[i] > 0 && (double.IsNaN(start) || step == burnIn))
            {
                start = norms[i];
            }

            var share = norms[i] > 0 ? norms[i] / start : 0;
            left += share;
            sum += share * norms[i];
        }

        return left > 0 ? sum / left : 0;
    }

    /// <summary>Puts the gradients of the rotations' own losses in the place of those of the tasks'.</summary>
    private static void Turn(RotatedNetwork network, TaskGradients gradients, Tensor rows, Tensor units)
    {
        var width = network.RepresentationChannels;
        var wanted = units.mean([0]).view(-1, width); // [rows, width]
        for (var i = 0; i < gradients.Count; i++)
        {
            var task = gradients.Tasks.Indices[i];
            var rotation = network.RotationOf(task);
            var turned = rotation.size(0);
            var own = rows.select(0, i).view(-1, width).narrow(1, 0, turned);
            var rotated = own.mm(rotation.detach().t().to(ScalarType.Float64)); // by R_t z
            var slope = rotated.t().mm(wanted.narrow(1, 0, turned)).neg().to(rotation.dtype);
            network.AnglesOf(task).grad?.zero_();
            torch.autograd.backward([rotation], [slope]);
        }
    }

    private static RotatedNetwork Require(MultiTaskNetwork network) =>
        network as RotatedNetwork
        ?? throw new NotSupportedException(
            $"rotograd learns the rotations of a 'rotated' network, and this is {network.GetName()}: train the network 'rotated' with it."
        );
}
