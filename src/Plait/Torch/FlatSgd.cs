namespace Plait.Torch;

/// <summary>Stochastic gradient descent over flat storage.</summary>
/// <remarks>Without dampening a buffer of zeros makes a first step what it is without a buffer, so nothing is kept of who has started.</remarks>
internal sealed class FlatSgd : FlatOptimizer
{
    private readonly SgdOptions options;
    private readonly Tensor buffer;

    public FlatSgd(FlatParameters storage, double learningRate, SgdOptions options)
        : base(storage, learningRate)
    {
        this.options = options;
        buffer = Own(torch.zeros_like(storage.Values));
    }

    public override Tensor? Velocity => options.Momentum == 0 ? null : buffer.mul(options.Momentum);

    public override double WeightDecay => options.WeightDecay;

    public override void Save(Torch.StateDictionary state) => state.Set("momentum", buffer);

    public override void Load(Torch.StateDictionary state) => state.CopyTo("momentum", buffer);

    protected override Tensor[] StateOf(long start, long length) =>
        options.Momentum == 0 ? [] : [Own(buffer.narrow(0, start, length))];

    protected override void Move(IReadOnlyList<FlatRun> runs, double learningRate) =>
        FusedKernels.Sgd(
            new SgdTensors(
                [.. runs.Select(run => run.Values)],
                [.. runs.Select(run => run.Gradients)],
                [.. runs.SelectMany(run => run.State)]
            ),
            learningRate,
            options
        );
}
