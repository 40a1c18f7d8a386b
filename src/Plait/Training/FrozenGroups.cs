using Plait.Networks;
using TorchSharp.Modules;

namespace Plait.Training;

/// <summary>The groups of a network that take no part in the descent on the training data, for as long as a run lasts.</summary>
/// <remarks>
/// Those that a recipe freezes, and those that learn from data apart (<see cref="SearchDescent"/>). They take no gradient, so they are in no
/// task's gradient and cost no backward pass.
/// </remarks>
internal sealed class FrozenGroups : IDisposable
{
    private readonly MultiTaskNetwork network;
    private readonly Parameter[] resting;

    /// <summary>Freezes them.</summary>
    /// <exception cref="NotSupportedException">Nothing of the network is left to learn from the training data.</exception>
    public FrozenGroups(Recipe recipe, MultiTaskNetwork network)
    {
        this.network = network;
        All = network.ParameterGroups;
        var frozen = All.Where(recipe.Freezes).ToArray();
        if (frozen.Length > 0 && frozen.Length == All.Count)
        {
            throw new NotSupportedException(
                $"All of the network's groups are frozen ({string.Join(", ", frozen.Select(group => group.Name))}): let one of them learn."
            );
        }

        Searched = [.. All.Except(frozen).Where(group => group.Learns == LearningSplit.Search)];
        if (Searched.Count > 0 && frozen.Length + Searched.Count == All.Count)
        {
            throw new NotSupportedException(
                $"Of the network only what learns from search data is left ({string.Join(", ", Searched.Select(group => group.Name))}): let another group learn from the training data."
            );
        }

        resting = [.. frozen.Concat(Searched).SelectMany(group => group.Parameters)];
        Learn(false);
    }

    /// <summary>The network's groups as they were before.</summary>
    public IReadOnlyList<ParameterGroup> All { get; }

    /// <summary>Those that learn from data apart from the training data; mostly none.</summary>
    public IReadOnlyList<ParameterGroup> Searched { get; }

    /// <summary>Lets them learn again.</summary>
    public void Dispose() => Learn(true);

    private void Learn(bool learns)
    {
        if (resting.Length == 0)
        {
            return;
        }

        network.ForgetStorage();
        foreach (var parameter in resting)
        {
            parameter.grad = null;
            parameter.requires_grad = learns;
        }
    }
}
