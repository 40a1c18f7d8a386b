using Plait.Networks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Training;

/// <summary>The groups of a network that a recipe freezes, for as long as a run lasts.</summary>
/// <remarks>Frozen parameters take no gradient, so they are in no task's gradient and cost no backward pass.</remarks>
internal sealed class FrozenGroups : IDisposable
{
    private readonly MultiTaskNetwork network;
    private readonly Parameter[] frozen;

    /// <summary>Freezes them.</summary>
    /// <exception cref="NotSupportedException">Nothing of the network is left to learn.</exception>
    public FrozenGroups(Recipe recipe, MultiTaskNetwork network)
    {
        this.network = network;
        All = recipe.Groups.Count == 0 ? [] : network.ParameterGroups;
        var groups = All.Where(group => RunGroups.SettingOf(recipe, group) is { Frozen: true }).ToArray();
        if (groups.Length > 0 && groups.Length == All.Count)
        {
            throw new NotSupportedException(
                $"All of the network's groups are frozen ({string.Join(", ", groups.Select(group => group.Name))}): let one of them learn."
            );
        }

        frozen = [.. groups.SelectMany(group => group.Parameters)];
        Learn(false);
    }

    /// <summary>The network's groups as they were before; empty where the recipe says nothing of groups.</summary>
    public IReadOnlyList<ParameterGroup> All { get; }

    /// <summary>Lets them learn again.</summary>
    public void Dispose() => Learn(true);

    private void Learn(bool learns)
    {
        if (frozen.Length == 0)
        {
            return;
        }

        NetworkStorage.Forget(network);
        foreach (var parameter in frozen)
        {
            parameter.grad = null;
            parameter.requires_grad = learns;
        }
    }
}
