namespace Plait.Torch;

/// <summary>Adam or AdamW over flat storage.</summary>
internal sealed class FlatAdam : FlatOptimizer
{
    private readonly AdamOptions options;
    private readonly bool decoupled;
    private readonly Tensor mean;
    private readonly Tensor square;
    private readonly AdamTensors[] segments;

    public FlatAdam(FlatParameters storage, double learningRate, AdamOptions options, bool decoupled)
        : base(storage, learningRate)
    {
        this.options = options;
        this.decoupled = decoupled;
        mean = Own(torch.zeros_like(storage.Values));
        square = Own(torch.zeros_like(storage.Values));
        segments =
        [
            .. storage.Segments.Select(segment => new AdamTensors(
                Part(storage.Values, segment),
                Part(storage.Gradients, segment),
                Part(mean, segment),
                Part(square, segment),
                [Own(torch.zeros([], ScalarType.Float32, storage.Values.device))]
            )),
        ];
    }

    public override void Save(Torch.StateDictionary state)
    {
        state.Set("mean", mean);
        state.Set("square", square);
        state.Set("step", segments[0].Step[0]);
    }

    public override void Load(Torch.StateDictionary state)
    {
        state.CopyTo("mean", mean);
        state.CopyTo("square", square);
        foreach (var segment in segments)
        {
            state.CopyTo("step", segment.Step[0]);
        }
    }

    protected override void Step(int segment, double learningRate) =>
        FusedKernels.Adam(segments[segment], learningRate, options, decoupled);
}
