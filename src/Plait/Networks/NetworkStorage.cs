using System.Runtime.CompilerServices;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Networks;

/// <summary>The flat storage of each network: shared parameters first, then those of each task.</summary>
public static class NetworkStorage
{
    private static readonly ConditionalWeakTable<MultiTaskNetwork, FlatParameters> Storages = [];

    /// <summary>A network's storage, made at the first call and anew when the network was moved to another type or device.</summary>
    /// <param name="network">The network. Its frozen parameters stay where they are.</param>
    /// <exception cref="ArgumentException">A parameter is claimed twice, claimed by nobody, or of another type or device than the rest.</exception>
    public static FlatParameters Of(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var storage = Storages.GetValue(network, Create);
        if (storage.IsStale)
        {
            Storages.Remove(network);
            storage.Dispose();
            storage = Storages.GetValue(network, Create);
        }

        return storage;
    }

    /// <summary>Lets go of a network's storage, for when other parameters of it learn than before; the next call of <see cref="Of"/> makes one.</summary>
    internal static void Forget(MultiTaskNetwork network)
    {
        if (Storages.TryGetValue(network, out var storage))
        {
            Storages.Remove(network);
            storage.Dispose();
        }
    }

    internal static FlatParameters Create(MultiTaskNetwork network)
    {
        var groupOf = new Dictionary<Parameter, ParameterGroup>(ReferenceEqualityComparer.Instance);
        foreach (var group in network.ParameterGroups)
        {
            foreach (var parameter in group.Parameters)
            {
                groupOf[parameter] = group;
            }
        }

        var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
        var shared = Claim("shared", network.SharedParameters);
        var byTask = network.Tasks.Select((task, place) => Claim(task.Name, network.ParametersOf(place))).ToArray();
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (parameter.requires_grad && !seen.Contains(parameter))
            {
                throw new ArgumentException($"The network calls parameter '{name}' neither shared nor a task's own.");
            }
        }

        return FlatParameters.Of(shared, byTask, parameter => groupOf[parameter].LearningRateScale);

        IReadOnlyList<Parameter> Claim(string owner, IEnumerable<Parameter> claimed)
        {
            var trainable = claimed
                .Where(parameter => parameter.requires_grad)
                .OrderBy(parameter => groupOf[parameter].LearningRateScale)
                .ThenBy(parameter => groupOf[parameter].AdaptiveLearningRateScale)
                .ToArray();
            return Array.Find(trainable, parameter => !seen.Add(parameter)) is { } twice
                ? throw new ArgumentException(
                    $"A parameter of shape {TargetShapes.Text(twice.shape)} claimed by '{owner}' has another owner already."
                )
                : trainable;
        }
    }
}
