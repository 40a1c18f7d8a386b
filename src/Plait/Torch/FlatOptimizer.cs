using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace Plait.Torch;

/// <summary>
/// An optimizer over flat storage: one fused call for each run of numbers that share a learning rate. It is a TorchSharp
/// optimizer, so TorchSharp's learning-rate schedulers drive it.
/// </summary>
internal abstract class FlatOptimizer : Optimizer, IStateful
{
    private readonly ParamGroup group;
    private readonly FlatParameters storage;
    private readonly Tensor[] values;
    private readonly Tensor[] gradients;

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
        values = Slice(storage.Values);
        gradients = Slice(storage.Gradients);
    }

    public override IEnumerable<ILearningRateController> ParamGroups => [group];

    public override IEnumerable<Parameter> parameters() => storage.Parameters;

    public override void zero_grad() => storage.ZeroGradients();

    public override Tensor step(Func<Tensor>? closure = null)
    {
        var loss = closure?.Invoke();
        using var noGrad = torch.no_grad();
        for (var i = 0; i < values.Length; i++)
        {
            Step(i, values[i], gradients[i], group.LearningRate * storage.Segments[i].LearningRateScale);
        }

        return loss!;
    }

    public abstract void Save(Torch.StateDictionary state);

    public abstract void Load(Torch.StateDictionary state);

    /// <summary>Moves one run of numbers.</summary>
    protected abstract void Step(int segment, Tensor values, Tensor gradients, double learningRate);

    /// <summary>A tensor over all parameters, and its views by run.</summary>
    protected (Tensor Whole, Tensor[] Views) Buffer()
    {
        var whole = torch.zeros_like(storage.Values).DetachFromDisposeScope();
        return (whole, Slice(whole));
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var view in values.Concat(gradients))
        {
            view.Dispose();
        }

        base.Dispose(disposing);
    }

    private Tensor[] Slice(Tensor whole) =>
        [
            .. storage.Segments.Select(segment =>
                whole.narrow(0, segment.Start, segment.Length).DetachFromDisposeScope()
            ),
        ];
}

/// <summary>Adam or AdamW over flat storage.</summary>
internal sealed class FlatAdam : FlatOptimizer
{
    private readonly AdamOptions options;
    private readonly bool decoupled;
    private readonly Tensor mean;
    private readonly Tensor square;
    private readonly Tensor[] means;
    private readonly Tensor[] squares;
    private readonly Tensor[] steps;

    public FlatAdam(FlatParameters storage, double learningRate, AdamOptions options, bool decoupled)
        : base(storage, learningRate)
    {
        this.options = options;
        this.decoupled = decoupled;
        (mean, means) = Buffer();
        (square, squares) = Buffer();
        steps =
        [
            .. storage.Segments.Select(_ =>
                torch.zeros(1, device: storage.Values.device).squeeze(0).DetachFromDisposeScope()
            ),
        ];
    }

    public override void Save(Torch.StateDictionary state)
    {
        state.Set("mean", mean);
        state.Set("square", square);
        state.Set("step", steps[0]);
    }

    public override void Load(Torch.StateDictionary state)
    {
        state.CopyTo("mean", mean);
        state.CopyTo("square", square);
        foreach (var step in steps)
        {
            state.CopyTo("step", step);
        }
    }

    protected override void Step(int segment, Tensor values, Tensor gradients, double learningRate) =>
        FusedKernels.Adam(
            values,
            gradients,
            means[segment],
            squares[segment],
            steps[segment],
            learningRate,
            options,
            decoupled
        );

    protected override void Dispose(bool disposing)
    {
        foreach (var tensor in means.Concat(squares).Concat(steps).Append(mean).Append(square))
        {
            tensor.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>Stochastic gradient descent over flat storage.</summary>
internal sealed class FlatSgd : FlatOptimizer
{
    private readonly SgdOptions options;
    private readonly Tensor buffer;
    private readonly Tensor[] buffers;
    private readonly bool[] started;

    public FlatSgd(FlatParameters storage, double learningRate, SgdOptions options)
        : base(storage, learningRate)
    {
        this.options = options;
        (buffer, buffers) = Buffer();
        started = new bool[buffers.Length];
    }

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

    protected override void Step(int segment, Tensor values, Tensor gradients, double learningRate)
    {
        FusedKernels.Sgd(values, gradients, buffers[segment], learningRate, options, first: !started[segment]);
        started[segment] = true;
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var view in buffers)
        {
            view.Dispose();
        }

        buffer.Dispose();
        base.Dispose(disposing);
    }
}
