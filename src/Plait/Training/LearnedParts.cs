using Plait.Optimization;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace Plait.Training;

/// <summary>What the parts of a recipe learn, such as the weights of losses, with an optimizer of its own.</summary>
/// <remarks>As in PyTorch, a parameter that is given no gradient in a step stands still: an absent task's weight, say.</remarks>
internal sealed class LearnedParts : IDisposable
{
    private readonly Recipe recipe;
    private readonly FlatParameters? storage; // null where nothing is learned
    private readonly Optimizer? optimizer;
    private readonly bool[] learns; // one flag a parameter

    public LearnedParts(Recipe recipe)
    {
        this.recipe = recipe;
        Parameters = [.. recipe.Parts.SelectMany(part => part.Part.Parameters)];
        learns = new bool[Parameters.Count];
        if (Parameters.Count > 0)
        {
            storage = FlatParameters.Of(
                Parameters,
                scaleOf: parameter => OwnerOf(parameter).LearningRateScaleOf(parameter)
            );
            optimizer = recipe.Optimizer.Create(storage, decays: false);
            if (optimizer is LBFGS)
            {
                throw new NotSupportedException(
                    $"LBFGS looks at the losses several times a step, and {OwnerOf(Parameters[0]).GetType().Name} learns once a step beside the network: train it with Adam, AdamW or Sgd."
                );
            }
        }
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    public void DetachGradients()
    {
        for (var i = 0; i < learns.Length; i++)
        {
            storage!.Detach(i);
        }
    }

    /// <summary>Moves what has been given a gradient since they were taken away.</summary>
    /// <param name="learningRate">That of the network's optimizer, which a schedule may have changed.</param>
    /// <exception cref="NonFiniteException">What is learned is not finite any more.</exception>
    public void Step(double learningRate)
    {
        if (optimizer is null)
        {
            return;
        }

        for (var i = 0; i < learns.Length; i++)
        {
            learns[i] = storage!.TakeIn(i);
        }

        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = learningRate;
        }

        if (optimizer is FlatOptimizer flat)
        {
            flat.Step(learns);
        }
        else
        {
            optimizer.step()?.Dispose();
        }

        if (!FiniteParameters.Are(storage!.Values))
        {
            var lost = Parameters.First(parameter => !FiniteParameters.Are(parameter));
            throw FiniteParameters.Lost(null, $"what {OwnerOf(lost).GetType().Name} learns", learningRate);
        }
    }

    public void Save(StateDictionary state)
    {
        if (optimizer is not null)
        {
            OptimizerState.Save(optimizer, state.Part("parts"));
            state.Set("parts-values", storage!.Values);
        }
    }

    public void Load(StateDictionary state)
    {
        if (optimizer is not null)
        {
            OptimizerState.Load(optimizer, state.Part("parts"));
            state.CopyTo("parts-values", storage!.Values);
        }
    }

    public void Dispose()
    {
        optimizer?.Dispose();
        storage?.Dispose();
    }

    private RecipePart OwnerOf(Parameter parameter) =>
        recipe.Parts.First(part => part.Part.Parameters.Any(own => ReferenceEquals(own, parameter))).Part;
}
