using System.Text.Json.Serialization;
using Plait.Catalogue;
using Plait.Training;

namespace Plait.Benchmarks.Comparison;

/// <summary>A recipe as a comparison names it.</summary>
/// <param name="Name">Unique in the comparison.</param>
/// <param name="Network">The network's name.</param>
/// <param name="Weighting">The loss weighting's name.</param>
/// <param name="Aggregator">The gradient aggregator's name.</param>
public sealed record ComparedRecipe(string Name, string Network, string Weighting, string Aggregator)
{
    private const string SingleTask = "single-task";

    /// <summary>The task schedule's name.</summary>
    public string Schedule { get; init; } = "joint";

    /// <summary>The regularizers' names.</summary>
    public IReadOnlyList<string> Regularizers { get; init; } = [];

    /// <summary>The names of what the tasks' losses gain.</summary>
    public IReadOnlyList<string> Auxiliaries { get; init; } = [];

    /// <summary>A recipe named by what in it is not the default.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="weighting">The loss weighting's name.</param>
    /// <param name="aggregator">The gradient aggregator's name.</param>
    /// <param name="schedule">The task schedule's name.</param>
    /// <param name="regularizers">The regularizers' names; null for none.</param>
    /// <param name="auxiliaries">The names of what the tasks' losses gain; null for nothing.</param>
    public static ComparedRecipe Of(
        string network,
        string weighting = "equal",
        string aggregator = "sum",
        string schedule = "joint",
        IReadOnlyList<string>? regularizers = null,
        IReadOnlyList<string>? auxiliaries = null
    )
    {
        string[] parts =
        [
            network,
            weighting == "equal" ? "" : weighting,
            aggregator == "sum" ? "" : aggregator,
            schedule == "joint" ? "" : schedule,
            .. regularizers ?? [],
            .. auxiliaries ?? [],
        ];
        return new(
            string.Join(" + ", parts.Where(part => part.Length > 0)).Replace(':', ' '),
            network,
            weighting,
            aggregator
        )
        {
            Schedule = schedule,
            Regularizers = regularizers ?? [],
            Auxiliaries = auxiliaries ?? [],
        };
    }

    /// <summary>
    /// Makes the names of recipes unique. What comes twice is left out, and so is the baseline, which every comparison has; two
    /// recipes whose methods of different kinds share a name, such as the weighting and the schedule adaptive, are told apart by the kinds.
    /// </summary>
    /// <param name="recipes">The recipes as they were asked for.</param>
    /// <returns>One for each, in order; null for one that is left out.</returns>
    public static IReadOnlyList<ComparedRecipe?> Distinguish(IReadOnlyList<ComparedRecipe> recipes)
    {
        ArgumentNullException.ThrowIfNull(recipes);
        var seen = new HashSet<string>(StringComparer.Ordinal) { ComparisonPlan.BaselineRecipe.Methods };
        ComparedRecipe?[] kept = [.. recipes.Select(recipe => seen.Add(recipe.Methods) ? recipe : null)];
        var shared = kept.OfType<ComparedRecipe>()
            .Append(ComparisonPlan.BaselineRecipe)
            .CountBy(recipe => recipe.Name, StringComparer.Ordinal)
            .Where(pair => pair.Value > 1)
            .Select(pair => pair.Key)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. kept.Select(recipe =>
                recipe is not null && shared.Contains(recipe.Name) ? recipe with { Name = recipe.Methods } : recipe
            ),
        ];
    }

    /// <summary>Whether somebody gave it a name that is not made of its methods.</summary>
    internal bool IsNamed =>
        Name != Of(Network, Weighting, Aggregator, Schedule, Regularizers, Auxiliaries).Name && Name != Methods;

    /// <summary>Every method with its kind, which says all that a recipe is.</summary>
    private string Methods =>
        string.Join(
            " + ",
            [
                Network,
                $"weighting {Weighting}",
                $"aggregator {Aggregator}",
                $"schedule {Schedule}",
                .. Regularizers.Select(regularizer => $"regularizer {regularizer}"),
                .. Auxiliaries.Select(auxiliary => $"auxiliary {auxiliary}"),
            ]
        );

    /// <summary>Whether the network starts from trained networks of single tasks, as "cross-stitch:start=single-task" does.</summary>
    [JsonIgnore]
    public bool StartsFromSingleTasks =>
        MethodSpecification.Parse(Network).Options.TryGetValue("start", out var start) && start == SingleTask;

    /// <summary>The training of this recipe under settings that all recipes have in common.</summary>
    internal RunSpecification In(RunSpecification settings, long seed) =>
        settings with
        {
            Network = Network,
            Weighting = Weighting,
            Aggregator = Aggregator,
            Schedule = Schedule,
            Regularizers = Regularizers,
            Auxiliaries = Auxiliaries,
            Seed = seed,
        };
}
