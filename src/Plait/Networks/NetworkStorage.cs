using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Networks;

/// <summary>Lays a network's trainable parameters out flat: shared ones first, then those of each task.</summary>
internal static class NetworkStorage
{
    /// <summary>A new storage of the network's trainable parameters; frozen ones stay where they are.</summary>
    /// <exception cref="ArgumentException">A parameter is claimed twice, claimed by nobody, or of another type or device than the rest.</exception>
    public static FlatParameters Create(MultiTaskNetwork network)
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
