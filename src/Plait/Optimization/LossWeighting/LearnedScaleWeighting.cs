using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization.LossWeighting;

/// <summary>A weighting that learns one number for each task along with the network, with the recipe's optimizer.</summary>
/// <remarks>A derived weighting writes its formula. The number of a task without a loss in a step has no gradient and stands still.</remarks>
public abstract class LearnedScaleWeighting : LossWeighting
{
    private readonly TaskParameter scales;
    private readonly double start;

    /// <summary>Names the numbers.</summary>
    /// <param name="name">Their name in checkpoints.</param>
    /// <param name="start">What each of them starts at.</param>
    protected LearnedScaleWeighting(string name, double start) =>
        (scales, this.start) = (new TaskParameter(name), start);

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        scales.Begin(tasks.Count, start, device);
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Parameter> Parameters => scales.Parameters;

    /// <inheritdoc/>
    public sealed override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return Weigh(losses, scales.Of(losses.Tasks));
    }

    /// <summary>The term of each task's loss.</summary>
    /// <param name="losses">The losses of the step's tasks.</param>
    /// <param name="scales">The learned numbers of these tasks, [tasks], tied to their parameters.</param>
    /// <returns>[tasks], tied to both.</returns>
    protected abstract Tensor Weigh(TaskLosses losses, Tensor scales);

    /// <inheritdoc/>
    public sealed override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        scales.Save(state);
    }

    /// <inheritdoc/>
    public sealed override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        scales.Load(state);
    }
}
