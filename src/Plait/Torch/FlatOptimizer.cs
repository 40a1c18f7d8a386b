using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace Plait.Torch;

/// <summary>
/// An optimizer over flat storage: one fused call for all that share a learning rate. It is a TorchSharp optimizer, so TorchSharp's
/// learning-rate schedulers drive it.
/// </summary>
/// <remarks>
/// A step may be told which parameters learn. The others stand still, as a parameter without a gradient does in PyTorch: no momentum,
/// no weight decay, no count of a step. Neighbours that learn alike are one run of numbers, and where all do, that is each segment whole.
/// </remarks>
internal abstract class FlatOptimizer : Optimizer, IGroupOptimizer
{
    private readonly ParamGroup group;
    private readonly FlatParameters storage;
    private readonly List<Tensor> owned = [];
    private readonly long[] starts; // of each parameter's numbers, and in the end the length of all
    private readonly double[] scales; // of the learning rate, each once
    private readonly int[] scaleOf; // for each parameter the place of its scale
    private readonly bool[] all;
    private readonly List<FlatRun>[] runs; // of this step, for each scale
    private readonly Dictionary<(int First, int Count), FlatRun> known = [];

    protected FlatOptimizer(FlatParameters storage, double learningRate)
        : base(IntPtr.Zero)
    {
        this.storage = storage;
        group = new ParamGroup
        {
            Parameters = storage.Parameters,
            Options = new OptimizerOptions { LearningRate = learningRate, InitialLearningRate = learningRate },
        };
        _parameter_groups = [group];
        starts = new long[storage.Parameters.Count + 1];
        for (var i = 0; i < storage.Parameters.Count; i++)
        {
            starts[i + 1] = starts[i] + storage.Parameters[i].numel();
        }

        scales = [.. storage.Segments.Select(segment => segment.LearningRateScale).Distinct()];
        scaleOf = [.. starts[..^1].Select(start => Array.IndexOf(scales, storage.ScaleAt(start)))];
        runs = [.. scales.Select(_ => new List<FlatRun>())];
        all = new bool[storage.Parameters.Count];
        Array.Fill(all, true);
    }

    public override IEnumerable<ILearningRateController> ParamGroups => [group];

    public override IEnumerable<Parameter> parameters() => storage.Parameters;

    public override void zero_grad() => storage.ZeroGradients();

    public override Tensor step(Func<Tensor>? closure = null)
    {
        var loss = closure?.Invoke();
        Step(all);
        return loss!;
    }

    /// <inheritdoc/>
    public Optimizer Scheduled => this;

    /// <inheritdoc/>
    public bool LooksAgain => false;

    /// <inheritdoc/>
    public virtual Tensor? Velocity => null;

    /// <inheritdoc/>
    public virtual double WeightDecay => 0;

    /// <inheritdoc/>
    public void StepByLooks(Func<Tensor> look) =>
        throw new NotSupportedException($"{GetType().Name} looks at the gradients once a step.");

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<bool> learns)
    {
        using var noGrad = torch.no_grad();
        FindRuns(learns);
        for (var scale = 0; scale < scales.Length; scale++)
        {
            if (runs[scale].Count > 0)
            {
                Move(runs[scale], group.LearningRate * scales[scale]);
            }
        }
    }

    public abstract void Save(Torch.StateDictionary state);

    public abstract void Load(Torch.StateDictionary state);

    /// <summary>The tensors that this kind of optimizer keeps for a run of numbers, the same kinds for each run.</summary>
    protected abstract Tensor[] StateOf(long start, long length);

    /// <summary>Whether two parameters stand alike, so that one call for both does what two would.</summary>
    protected virtual bool AreAlike(int first, int other) => true;

    /// <summary>Moves some runs of numbers in one call.</summary>
    protected abstract void Move(IReadOnlyList<FlatRun> runs, double learningRate);

    /// <summary>Keeps a tensor alive as long as this optimizer.</summary>
    protected Tensor Own(Tensor tensor)
    {
        owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var tensor in owned)
        {
            tensor.Dispose();
        }

        base.Dispose(disposing);
    }

    // What is one run depends on this step's flags and on the state alone: bits must not depend on the steps of a run before it was resumed.
    private void FindRuns(ReadOnlySpan<bool> learns)
    {
        Array.ForEach(runs, list => list.Clear());
        for (var (first, end) = (0, 1); first < learns.Length; first = end++)
        {
            if (!learns[first])
            {
                continue;
            }

            while (end < learns.Length && learns[end] && scaleOf[end] == scaleOf[first] && AreAlike(first, end))
            {
                end++;
            }

            runs[scaleOf[first]].Add(RunOf(first, end - first));
        }
    }

    private FlatRun RunOf(int first, int count)
    {
        if (!known.TryGetValue((first, count), out var run))
        {
            var (start, length) = (starts[first], starts[first + count] - starts[first]);
            run = known[(first, count)] = new FlatRun(
                first,
                count,
                Own(storage.Values.narrow(0, start, length)),
                Own(storage.Gradients.narrow(0, start, length)),
                StateOf(start, length)
            );
        }

        return run;
    }
}

/// <summary>A run of numbers that one step moves: neighbouring parameters, with views of all that an optimizer reads and writes of them.</summary>
/// <param name="First">The place of the first parameter in the storage.</param>
/// <param name="Count">How many parameters.</param>
/// <param name="Values">[numbers].</param>
/// <param name="Gradients">[numbers].</param>
/// <param name="State">What the optimizer keeps.</param>
internal sealed record FlatRun(int First, int Count, Tensor Values, Tensor Gradients, Tensor[] State);
