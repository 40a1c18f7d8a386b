using Plait.Optimization;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Training;

/// <summary>What the parts of a recipe learn, such as the weights of losses, in storage of its own.</summary>
/// <remarks>A parameter that is given no gradient in a step stands still: an absent task's weight, say.</remarks>
internal sealed class LearnedParts : IDisposable
{
    private readonly Recipe recipe;
    private readonly SeparateParameters learned;

    /// <param name="recipe">The recipe, whose parts have begun.</param>
    /// <param name="groups">What they learn; one or more.</param>
    /// <exception cref="NotSupportedException">The optimizer moves no such parameters.</exception>
    public LearnedParts(Recipe recipe, IReadOnlyList<RunGroup> groups)
    {
        this.recipe = recipe;
        learned = new SeparateParameters(groups, recipe.Optimizer, decays: false);
    }

    public IReadOnlyList<Parameter> Parameters => learned.Parameters;

    public void DetachGradients() => learned.DetachGradients();

    /// <summary>Moves what has been given a gradient since they were taken away.</summary>
    /// <param name="step">Where the run stands.</param>
    /// <param name="learningRate">That of the network's optimizer, which a schedule may have changed.</param>
    /// <param name="pace">How many times that is what it was at the start.</param>
    /// <exception cref="NonFiniteException">What is learned is not finite any more.</exception>
    public void Step(StepContext step, double learningRate, double pace)
    {
        learned.TakeInGradients();
        if (learned.Step(step, learningRate, pace) is { } lost)
        {
            throw FiniteParameters.Lost(null, $"what {OwnerOf(lost).GetType().Name} learns", learningRate);
        }
    }

    public void Save(StateDictionary state)
    {
        learned.Save(state, "parts");
        state.Set("parts-values", learned.Values);
    }

    public void Load(StateDictionary state)
    {
        learned.Load(state, "parts");
        state.CopyTo("parts-values", learned.Values);
    }

    public void Dispose() => learned.Dispose();

    private TrainingComponent OwnerOf(Parameter parameter) =>
        recipe.Parts.First(part => part.Part.Parameters.Any(own => ReferenceEquals(own, parameter))).Part;
}
