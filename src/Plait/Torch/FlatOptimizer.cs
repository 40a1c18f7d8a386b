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
    private readonly List<Tensor> owned = [];

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
    }

    public override IEnumerable<ILearningRateController> ParamGroups => [group];

    public override IEnumerable<Parameter> parameters() => storage.Parameters;

    public override void zero_grad() => storage.ZeroGradients();

    public override Tensor step(Func<Tensor>? closure = null)
    {
        var loss = closure?.Invoke();
        using var noGrad = torch.no_grad();
        for (var i = 0; i < storage.Segments.Count; i++)
        {
            Step(i, group.LearningRate * storage.Segments[i].LearningRateScale);
        }

        return loss!;
    }

    /// <summary>What the next step adds to the gradient for its momentum, [parameters], a new tensor; null where that is not how it works.</summary>
    public virtual Tensor? Velocity => null;

    /// <summary>What the next step adds to the gradient, times the parameters.</summary>
    public virtual double WeightDecay => 0;

    public abstract void Save(Torch.StateDictionary state);

    public abstract void Load(Torch.StateDictionary state);

    /// <summary>Moves one run of numbers.</summary>
    protected abstract void Step(int segment, double learningRate);

    /// <summary>Keeps a tensor alive as long as this optimizer.</summary>
    protected Tensor Own(Tensor tensor)
    {
        owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    /// <summary>The part of a tensor over all numbers that is one run's, in a list of its own.</summary>
    protected Tensor[] Part(Tensor whole, FlatSegment segment) => [Own(whole.narrow(0, segment.Start, segment.Length))];

    protected override void Dispose(bool disposing)
    {
        foreach (var tensor in owned)
        {
            tensor.Dispose();
        }

        base.Dispose(disposing);
    }
}
