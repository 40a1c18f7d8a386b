namespace Plait.Torch;

/// <summary>Stochastic gradient descent over flat storage.</summary>
internal sealed class FlatSgd : FlatOptimizer
{
    private readonly SgdOptions options;
    private readonly Tensor buffer;
    private readonly SgdTensors[] segments;
    private readonly bool[] started;

    public FlatSgd(FlatParameters storage, double learningRate, SgdOptions options)
        : base(storage, learningRate)
    {
        this.options = options;
        buffer = Own(torch.zeros_like(storage.Values));
        segments =
        [
            .. storage.Segments.Select(segment => new SgdTensors(
                Part(storage.Values, segment),
                Part(storage.Gradients, segment),
                options.Momentum == 0 ? [] : Part(buffer, segment)
            )),
        ];
        started = new bool[segments.Length];
    }

    public override Tensor? Velocity => options.Momentum == 0 ? null : buffer.mul(options.Momentum);

    public override double WeightDecay => options.WeightDecay;

    public override void Save(Torch.StateDictionary state)
    {
        state.Set("momentum", buffer);
        state.Set("started", [started[0] ? 1L : 0]);
    }

    public override void Load(Torch.StateDictionary state)
    {
        state.CopyTo("momentum", buffer);
        Array.Fill(started, state.Integers("started")[0] == 1);
    }

    protected override void Step(int segment, double learningRate)
    {
        FusedKernels.Sgd(segments[segment], learningRate, options, first: !started[segment]);
        started[segment] = true;
    }
}
