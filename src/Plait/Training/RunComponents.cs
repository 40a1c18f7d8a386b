using Plait.Networks;
using Plait.Optimization;
using Plait.Torch;

namespace Plait.Training;

/// <summary>Everything of a run that has a state beside its <see cref="RunState"/>, in the order in which a checkpoint puts it back.</summary>
internal static class RunComponents
{
    /// <summary>The components, by the names that checkpoints know them by.</summary>
    /// <remarks>Whatever a run comes to hold that remembers a step is a component here, or part of one; a test walks a run to see to it.</remarks>
    public static IReadOnlyList<(string Name, IStateful Component)> Of(
        MultiTaskNetwork network,
        Recipe recipe,
        RunOptimizer optimizer,
        IObjectiveSource source,
        SearchDescent? search
    ) =>
        [
            ("network", new NetworkComponent(network)),
            ("optimizer", optimizer),
            ("data", source),
            .. search is null ? [] : new (string, IStateful)[] { ("search", search) },
            .. recipe.Parts.Select(part => (part.Name, (IStateful)part.Part)),
            ("random", new RandomComponent()),
        ];

    /// <summary>The network's parameters and buffers.</summary>
    private sealed class NetworkComponent(MultiTaskNetwork network) : IStateful
    {
        public void Save(StateDictionary state) => NetworkState.Take(network, state);

        public void Load(StateDictionary state) => NetworkState.Put(network, state);
    }

    /// <summary>Torch's random numbers, which dropout draws from.</summary>
    private sealed class RandomComponent : IStateful
    {
        public void Save(StateDictionary state)
        {
            using var random = torch.get_rng_state();
            state.Set("state", random);
        }

        public void Load(StateDictionary state)
        {
            using var random = state.Tensor("state");
            torch.set_rng_state(random);
        }
    }
}
