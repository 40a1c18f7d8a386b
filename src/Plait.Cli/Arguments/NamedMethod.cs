using Plait.Benchmarks.Comparison;

namespace Plait.Cli.Arguments;

/// <summary>A method of a list, and what a person calls it: "hps:head-widths=64 as wide".</summary>
/// <param name="Text">The method with its options.</param>
/// <param name="Name">What stands for it in the names of recipes: the method itself where no name is given.</param>
internal sealed record NamedMethod(string Text, string Name)
{
    private const string As = " as ";
    private const string None = "none";

    /// <summary>Reads a list of methods, of which some are named.</summary>
    /// <param name="option">The option, for errors.</param>
    /// <param name="text">The list.</param>
    /// <exception cref="CommandFailure">A name stands for two methods.</exception>
    public static IReadOnlyList<NamedMethod> ParseList(string option, string text)
    {
        NamedMethod[] methods = [.. MethodList.Parse(text).Select(Parse)];
        var twice = methods
            .Where(method => method.IsNamed)
            .FirstOrDefault(named => methods.Count(method => method.Name == named.Name) > 1);
        return twice is null
            ? methods
            : throw new CommandFailure(
                $"{option} calls two methods '{twice.Name}'; give each a name of its own.",
                ExitCode.Usage
            );
    }

    /// <summary>A recipe that is called by the names of its methods.</summary>
    /// <param name="methods">A network, a weighting, an aggregator, a schedule, a regularizer and an auxiliary; none for no such thing.</param>
    public static ComparedRecipe Recipe(params NamedMethod[] methods) =>
        Of([.. methods.Select(method => method.Text)]) with
        {
            Name = Of([.. methods.Select(method => method.Name)]).Name,
        };

    /// <summary>Refuses a name that a person gave where two recipes, or one and the baseline, would have it.</summary>
    /// <param name="recipes">The recipes as they were asked for.</param>
    /// <param name="told">The same with unique names, as <see cref="ComparedRecipe.Distinguish"/> makes them.</param>
    /// <param name="methods">All methods that the recipes are made of.</param>
    /// <exception cref="CommandFailure">There is such a name.</exception>
    public static void RequireOwnNames(
        IReadOnlyList<ComparedRecipe> recipes,
        IReadOnlyList<ComparedRecipe?> told,
        IReadOnlyList<NamedMethod> methods
    )
    {
        var names = methods.Where(method => method.IsNamed).Select(method => method.Name).ToHashSet();
        var clash = recipes
            .Where((recipe, i) => told[i] is { } unique && unique.Name != recipe.Name)
            .Select(recipe => recipe.Name)
            .FirstOrDefault(name => name.Split(" + ").Any(names.Contains));
        if (clash is not null)
        {
            var baseline = clash == ComparisonPlan.Baseline ? ", as the baseline is" : "";
            throw new CommandFailure(
                $"Two recipes are called '{clash}'{baseline}; give each a name of its own.",
                ExitCode.Usage
            );
        }
    }

    private bool IsNamed => Name != Text;

    private static NamedMethod Parse(string text)
    {
        var place = text.LastIndexOf(As, StringComparison.Ordinal);
        return place < 0 ? new(text, text) : new(text[..place].TrimEnd(), text[(place + As.Length)..].TrimStart());
    }

    private static ComparedRecipe Of(string[] methods) =>
        ComparedRecipe.Of(
            methods[0],
            methods[1],
            methods[2] == None ? "sum" : methods[2],
            methods[3],
            methods[4] == None ? [] : [methods[4]],
            methods[5] == None ? [] : [methods[5]]
        );
}
