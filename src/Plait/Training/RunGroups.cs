using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;

namespace Plait.Training;

/// <summary>A group of parameters as a run moves it: what a method says of it, and what the recipe says.</summary>
/// <param name="Group">The group.</param>
/// <param name="Optimizer">What moves it.</param>
/// <param name="Scale">How many times the learning rate of <paramref name="Optimizer"/> it takes.</param>
/// <param name="Moves">Whether it moves in a step.</param>
/// <param name="Frozen">Whether it does not move at all.</param>
internal sealed record RunGroup(
    ParameterGroup Group,
    OptimizerFactory Optimizer,
    double Scale,
    Func<StepContext, bool> Moves,
    bool Frozen
);

/// <summary>The groups of parameters of a run, with what its recipe says of them.</summary>
internal static class RunGroups
{
    /// <summary>The network's groups.</summary>
    public static IReadOnlyList<RunGroup> OfNetwork(Recipe recipe, MultiTaskNetwork network) =>
        Settle(recipe, network.ParameterGroups);

    /// <summary>The groups of what the parts of the recipe learn, from their <c>Begin</c> on.</summary>
    /// <exception cref="NotSupportedException">One wants to learn from search data, where no part has a say.</exception>
    public static IReadOnlyList<RunGroup> OfParts(Recipe recipe)
    {
        ParameterGroup[] groups = [.. recipe.Parts.SelectMany(part => part.Part.ParameterGroups)];
        return Array.Find(groups, group => group.Learns == LearningSplit.Search) is { } searched
            ? throw new NotSupportedException(
                $"'{searched.Name}' is learned by a part of the recipe and not by the network, so it has no gradient on search data: let it learn from the training data."
            )
            : Settle(recipe, groups);
    }

    /// <summary>Groups of a network that learn from search data.</summary>
    public static IReadOnlyList<RunGroup> OfSearch(Recipe recipe, IReadOnlyList<ParameterGroup> groups) =>
        Settle(recipe, groups);

    /// <summary>What a recipe says of a group; null for nothing.</summary>
    public static GroupSetting? SettingOf(Recipe recipe, ParameterGroup group) =>
        recipe.Groups.Where(setting => group.IsMeantBy(setting.Name)).MaxBy(setting => setting.Name.Length);

    /// <summary>Refuses settings that mean no group.</summary>
    /// <param name="recipe">The recipe, whose parts have begun.</param>
    /// <param name="ofNetwork">The names of the network's groups, frozen or not.</param>
    /// <exception cref="NotSupportedException">There is no such group.</exception>
    public static void RequireKnown(Recipe recipe, IReadOnlyList<ParameterGroup> ofNetwork)
    {
        if (FaultOf(recipe, ofNetwork) is { } fault)
        {
            throw new NotSupportedException(fault);
        }
    }

    /// <summary>What is wrong with the names of a recipe's settings; null for nothing.</summary>
    /// <param name="recipe">The recipe, whose parts have begun.</param>
    /// <param name="ofNetwork">The names of the network's groups, frozen or not.</param>
    public static string? FaultOf(Recipe recipe, IReadOnlyList<ParameterGroup> ofNetwork)
    {
        ParameterGroup[] all = [.. ofNetwork, .. recipe.Parts.SelectMany(part => part.Part.ParameterGroups)];
        if (
            recipe.Groups.FirstOrDefault(setting => !all.Any(group => group.IsMeantBy(setting.Name)))
            is not { } stranger
        )
        {
            return null;
        }

        string[] names = [.. all.Select(group => group.Name).Distinct()];
        string[] stems = [.. names.Select(name => name.Split(ParameterGroup.Separator)[0]).Distinct()];
        return $"No group of parameters is called '{stranger.Name}'{NameSuggestion.Hint(stranger.Name, stems)}; here are {string.Join(", ", names)}{(names.Length > stems.Length ? $" ({string.Join(", ", stems)} for all of a kind)" : "")}.";
    }

    private static RunGroup[] Settle(Recipe recipe, IEnumerable<ParameterGroup> groups) =>
        [.. groups.Select(group => Settle(recipe, group))];

    private static RunGroup Settle(Recipe recipe, ParameterGroup group)
    {
        var setting = SettingOf(recipe, group) ?? new GroupSetting(group.Name);
        var optimizer = setting.Optimizer ?? group.Optimizer ?? recipe.Optimizer;
        var own = optimizer.IsAdaptive ? group.AdaptiveLearningRateScale : group.LearningRateScale;
        return new RunGroup(
            group,
            optimizer,
            setting.LearningRate is { } rate ? rate / RateOf(optimizer, group) : own * setting.LearningRateScale,
            setting.Every is { } every ? ParameterGroup.EveryNth(every) : group.Moves,
            setting.Frozen
        );
    }

    private static double RateOf(OptimizerFactory optimizer, ParameterGroup group) =>
        double.IsNaN(optimizer.LearningRate)
            ? throw new NotSupportedException(
                $"What the learning rate of '{group.Name}' is a multiple of only TorchSharp knows: set a multiple, or train with Adam, AdamW or Sgd."
            )
            : optimizer.LearningRate;
}
