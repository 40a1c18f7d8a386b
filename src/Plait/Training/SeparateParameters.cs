using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Training;

/// <summary>Groups of parameters with a storage and optimizers of their own, which move beside those of a network.</summary>
/// <remarks>As in PyTorch, a parameter that is given no gradient in a step stands still.</remarks>
internal sealed class SeparateParameters : IDisposable
{
    private readonly FlatParameters storage;
    private readonly GroupOptimizers optimizers;
    private readonly bool[] learns; // one flag a parameter

    /// <param name="groups">One or more.</param>
    /// <param name="main">The recipe's optimizer.</param>
    /// <param name="decays">Whether it decays weights, where it moves any of them.</param>
    /// <exception cref="NotSupportedException">An optimizer looks at the losses several times a step, or cannot do what a group asks for.</exception>
    public SeparateParameters(IReadOnlyList<RunGroup> groups, OptimizerFactory main, bool decays)
    {
        Parameters = [.. groups.SelectMany(group => group.Group.Parameters)];
        learns = new bool[Parameters.Count];
        storage = FlatParameters.Of(Parameters);
        optimizers = new GroupOptimizers(storage, groups, main, decays);
        if (optimizers.Main.LooksAgain)
        {
            Dispose();
            throw new NotSupportedException(
                $"LBFGS looks at the losses several times a step, and '{groups[0].Group.Name}' learns once a step beside the network: train it with Adam, AdamW or Sgd."
            );
        }
    }

    /// <summary>All of them, in the order of the groups.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Their values, [parameters].</summary>
    public Tensor Values => storage.Values;

    /// <summary>Whether any of them moves in a step.</summary>
    public bool MoveIn(StepContext step) => optimizers.MovingIn(step) is not { } moving || moving.Contains(true);

    /// <summary>Takes the gradients away: what is given none from here on stands still in the step.</summary>
    public void DetachGradients()
    {
        for (var i = 0; i < learns.Length; i++)
        {
            storage.Detach(i);
        }
    }

    /// <summary>Takes in the gradients that have been given since they were taken away.</summary>
    public void TakeInGradients()
    {
        for (var i = 0; i < learns.Length; i++)
        {
            learns[i] = storage.TakeIn(i);
        }
    }

    /// <summary>Shortens to a norm the gradient of those that have been given one and move in a step.</summary>
    /// <returns>Its norm before.</returns>
    public double ClipGradients(double? limit, StepContext step)
    {
        var moving = optimizers.MovingIn(step);
        bool[] counted = [.. learns.Select((given, i) => given && moving?[i] != false)];
        var norm = storage.GradientNormOf(counted);
        if (norm > limit && double.IsFinite(norm))
        {
            storage.Gradients.mul_(limit.Value / norm);
        }

        return norm;
    }

    /// <summary>Moves what has been given a gradient.</summary>
    /// <param name="step">Where the run stands.</param>
    /// <param name="learningRate">That of the network's optimizer, which a schedule may have changed.</param>
    /// <param name="pace">How many times that is what it was at the start.</param>
    /// <returns>The first parameter that is not finite any more; null where all are.</returns>
    public Parameter? Step(StepContext step, double learningRate, double pace)
    {
        optimizers.Follow(learningRate, pace, ofMain: true);
        optimizers.Step(learns, step);
        return FiniteParameters.Are(storage.Values)
            ? null
            : Parameters.First(parameter => !FiniteParameters.Are(parameter));
    }

    /// <summary>Keeps what the optimizers remember; the values are somebody else's to keep.</summary>
    public void Save(StateDictionary state, string name) => optimizers.Save(state, name);

    /// <summary>Takes back what the optimizers remember.</summary>
    public void Load(StateDictionary state, string name) => optimizers.Load(state, name);

    public void Dispose()
    {
        optimizers.Dispose();
        storage.Dispose();
    }
}
