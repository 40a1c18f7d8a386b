using Plait.Optimization;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Training;

/// <summary>What the parts of a recipe learn, such as the weights of losses, in storage of its own.</summary>
/// <remarks>As in PyTorch, a parameter that is given no gradient in a step stands still: an absent task's weight, say.</remarks>
internal sealed class LearnedParts : IDisposable
{
    private readonly Recipe recipe;
    private readonly FlatParameters storage;
    private readonly GroupOptimizers optimizers;
    private readonly bool[] learns; // one flag a parameter

    /// <param name="recipe">The recipe, whose parts have begun.</param>
    /// <param name="groups">What they learn; one or more.</param>
    /// <exception cref="NotSupportedException">The optimizer moves no such parameters.</exception>
    public LearnedParts(Recipe recipe, IReadOnlyList<RunGroup> groups)
    {
        this.recipe = recipe;
        Parameters = [.. groups.SelectMany(group => group.Group.Parameters)];
        learns = new bool[Parameters.Count];
        storage = FlatParameters.Of(Parameters);
        optimizers = new GroupOptimizers(storage, groups, recipe.Optimizer, decays: false);
        if (optimizers.Main is LBFGS)
        {
            throw new NotSupportedException(
                $"LBFGS looks at the losses several times a step, and {OwnerOf(Parameters[0]).GetType().Name} learns once a step beside the network: train it with Adam, AdamW or Sgd."
            );
        }
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    public void DetachGradients()
    {
        for (var i = 0; i < learns.Length; i++)
        {
            storage.Detach(i);
        }
    }

    /// <summary>Moves what has been given a gradient since they were taken away.</summary>
    /// <param name="step">The number of the step, from 0.</param>
    /// <param name="learningRate">That of the network's optimizer, which a schedule may have changed.</param>
    /// <param name="pace">How many times that is what it was at the start.</param>
    /// <exception cref="NonFiniteException">What is learned is not finite any more.</exception>
    public void Step(long step, double learningRate, double pace)
    {
        for (var i = 0; i < learns.Length; i++)
        {
            learns[i] = storage.TakeIn(i);
        }

        optimizers.Follow(learningRate, pace, ofMain: true);
        optimizers.Step(learns, step);
        if (!FiniteParameters.Are(storage.Values))
        {
            var lost = Parameters.First(parameter => !FiniteParameters.Are(parameter));
            throw FiniteParameters.Lost(null, $"what {OwnerOf(lost).GetType().Name} learns", learningRate);
        }
    }

    public void Save(StateDictionary state)
    {
        optimizers.Save(state, "parts");
        state.Set("parts-values", storage.Values);
    }

    public void Load(StateDictionary state)
    {
        optimizers.Load(state, "parts");
        state.CopyTo("parts-values", storage.Values);
    }

    public void Dispose()
    {
        optimizers.Dispose();
        storage.Dispose();
    }

    private RecipePart OwnerOf(Parameter parameter) =>
        recipe.Parts.First(part => part.Part.Parameters.Any(own => ReferenceEquals(own, parameter))).Part;
}
