using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Relationships.Embedding;

/// <summary>Reads episodes into an embedding: a gated recurrent unit, a linear layer, and the mean over the episodes.</summary>
/// <remarks>
/// Lan et al. 2019, figure 2; the unit is that of Cho et al. 2014. All its parameters are one vector, and every task brings a copy of its
/// own, which a fast update has changed: the tasks' units run side by side as batched products, and one derivative gives the updates of all.
/// </remarks>
internal sealed class TrajectoryEncoder : Module
{
    private readonly long inputs;
    private readonly long hidden;
    private readonly long outputs;
    private readonly Parameter start;

    public TrajectoryEncoder(long inputs, long hidden, long outputs)
        : base(nameof(TrajectoryEncoder))
    {
        (this.inputs, this.hidden, this.outputs) = (inputs, hidden, outputs);
        var bound = 1 / Math.Sqrt(hidden);
        start = (Parameter)Parameter(torch.rand(Length).mul_(2 * bound).sub_(bound)).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>The parameters before any update, [parameters].</summary>
    public Parameter Start => start;

    private long Length => (3 * hidden * (inputs + hidden + 2)) + (outputs * (hidden + 1));

    /// <summary>Embeds.</summary>
    /// <param name="parameters">[tasks, parameters].</param>
    /// <param name="features">[tasks, episodes, steps, inputs].</param>
    /// <returns>[tasks, outputs].</returns>
    public Tensor Embed(Tensor parameters, Tensor features)
    {
        using var scope = torch.NewDisposeScope();
        var (tasks, episodes, steps) = (features.size(0), features.size(1), features.size(2));
        long place = 0;
        var ofInput = Take(inputs, 3 * hidden); // [tasks, inputs, gates]
        var ofState = Take(hidden, 3 * hidden);
        var inputBias = Take(1, 3 * hidden);
        var stateBias = Take(1, 3 * hidden);
        var projection = Take(hidden, outputs);
        var projectionBias = Take(1, outputs);
        var state = torch.zeros([tasks, episodes, hidden], features.dtype, features.device);
        for (long step = 0; step < steps; step++)
        {
            var seen = features.select(2, step).bmm(ofInput).add(inputBias).chunk(3, 2); // reset, update, new
            var known = state.bmm(ofState).add(stateBias).chunk(3, 2);
            var reset = seen[0].add(known[0]).sigmoid();
            var update = seen[1].add(known[1]).sigmoid();
            var fresh = seen[2].add(reset.mul(known[2])).tanh();
            state = fresh.add(update.mul(state.sub(fresh)));
        }

        return state.bmm(projection).add(projectionBias).mean([1]).MoveToOuterDisposeScope();

        Tensor Take(long rows, long columns)
        {
            var taken = parameters.narrow(1, place, rows * columns).reshape(-1, rows, columns);
            place += rows * columns;
            return taken;
        }
    }
}
