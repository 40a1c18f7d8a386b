using Plait.Networks.Encoders;
using TorchSharp.Modules;

namespace Plait.Networks;

/// <summary>The groups of parameters that any network consists of.</summary>
public static class NetworkGroups
{
    /// <summary>All that is in encoders.</summary>
    public const string Encoder = "encoder";

    /// <summary>What is private to a task and in no encoder.</summary>
    public const string Heads = "heads";

    /// <summary>What several tasks share and is in no encoder.</summary>
    public const string Shared = "shared";

    /// <summary>
    /// Divides what learns of a network: "encoder" is what is shared in its encoders, "encoder.TASK" what is a task's own there, "shared" what
    /// else is shared and "heads.TASK" what else is a task's own.
    /// </summary>
    internal static IReadOnlyList<ParameterGroup> Of(MultiTaskNetwork network)
    {
        var inEncoders = network
            .modules()
            .OfType<Encoder>()
            .SelectMany(encoder => encoder.parameters())
            .ToHashSet<Parameter>(ReferenceEqualityComparer.Instance);
        var groups = Divide(network.SharedParameters, Encoder, Shared);
        for (var task = 0; task < network.Tasks.Count; task++)
        {
            var end = ParameterGroup.Separator + network.Tasks[task].Name;
            groups = groups.Concat(Divide(network.ParametersOf(task), Encoder + end, Heads + end));
        }

        return [.. groups];

        IEnumerable<ParameterGroup> Divide(IEnumerable<Parameter> parameters, string ofEncoders, string ofOthers)
        {
            var learning = parameters.Where(parameter => parameter.requires_grad).ToArray();
            return new ParameterGroup[]
            {
                new(ofEncoders, [.. learning.Where(inEncoders.Contains)]),
                new(ofOthers, [.. learning.Where(parameter => !inEncoders.Contains(parameter))]),
            }.Where(group => group.Parameters.Count > 0);
        }
    }

    /// <summary>Takes parameters out of their groups into one of their own, which comes last.</summary>
    /// <param name="groups">Those of a network.</param>
    /// <param name="apart">The new group; what is in none of the others, because it is frozen, is in none afterwards.</param>
    public static IReadOnlyList<ParameterGroup> SetApart(
        this IReadOnlyList<ParameterGroup> groups,
        ParameterGroup apart
    )
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(apart);
        var taken = apart.Parameters.ToHashSet(ReferenceEqualityComparer.Instance);
        var learning = groups.SelectMany(group => group.Parameters).Where(taken.Contains).ToArray();
        return
        [
            .. groups
                .Select(group =>
                    group with
                    {
                        Parameters = [.. group.Parameters.Where(parameter => !taken.Contains(parameter))],
                    }
                )
                .Append(apart with { Parameters = learning })
                .Where(group => group.Parameters.Count > 0),
        ];
    }
}
