namespace Plait.Torch;

/// <summary>Adam or AdamW over flat storage.</summary>
internal sealed class FlatAdam : FlatOptimizer
{
    private readonly AdamOptions options;
    private readonly bool decoupled;
    private readonly Tensor mean;
    private readonly Tensor square;
    private readonly long[] steps; // that each parameter has taken

    public FlatAdam(FlatParameters storage, double learningRate, AdamOptions options, bool decoupled)
        : base(storage, learningRate)
    {
        this.options = options;
        this.decoupled = decoupled;
        mean = Own(torch.zeros_like(storage.Values));
        square = Own(torch.zeros_like(storage.Values));
        steps = new long[storage.Parameters.Count];
    }

    public override void Save(Torch.StateDictionary state)
    {
        state.Set("mean", mean);
        state.Set("square", square);
        state.Set("steps", steps.AsSpan());
    }

    public override void Load(Torch.StateDictionary state)
    {
        var taken = state.Integers("steps");
        if (taken.Length != steps.Length)
        {
            throw new InvalidDataException(
                $"The file counts Adam's steps for {taken.Length} parameters, and {steps.Length} are learned here: it belongs to another network or recipe."
            );
        }

        state.CopyTo("mean", mean);
        state.CopyTo("square", square);
        taken.CopyTo(steps, 0);
    }

    protected override Tensor[] StateOf(long start, long length) =>
        [
            Own(mean.narrow(0, start, length)),
            Own(square.narrow(0, start, length)),
            Own(torch.zeros([], ScalarType.Float32, mean.device)),
        ];

    protected override bool AreAlike(int first, int other) => steps[first] == steps[other];

    protected override void Move(IReadOnlyList<FlatRun> runs, double learningRate)
    {
        foreach (var run in runs)
        {
            for (var i = run.First; i < run.First + run.Count; i++)
            {
                steps[i]++;
            }

            using Scalar count = (float)steps[run.First]; // kept until the call is over
            run.State[2].fill_(count);
        }

        FusedKernels.Adam(
            new AdamTensors(
                [.. runs.Select(run => run.Values)],
                [.. runs.Select(run => run.Gradients)],
                [.. runs.Select(run => run.State[0])],
                [.. runs.Select(run => run.State[1])],
                [.. runs.Select(run => run.State[2])]
            ),
            learningRate,
            options,
            decoupled
        );
    }
}
