using Plait.Benchmarks.Comparison;
using Plait.Catalogue;

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
        if (text.Length > 0 && text.Split(',').Any(string.IsNullOrWhiteSpace))
        {
            throw new CommandFailure($"{option} takes methods with commas between; got '{text}'.", ExitCode.Usage);
        }

        NamedMethod[] methods = [.. MethodList.Parse(text).Select(part => Parse(option, part))];
        foreach (var named in methods.Where(method => method.IsNamed))
        {
            if (FaultOf(named, methods) is { } fault)
            {
                throw new CommandFailure($"{option} {fault}", ExitCode.Usage);
            }
        }

        return methods;
    }

    /// <summary>What is wrong with a name that a person gave; null where nothing is.</summary>
    private static string? FaultOf(NamedMethod named, NamedMethod[] methods) =>
        methods.Count(method => method.Name.Equals(named.Name, StringComparison.OrdinalIgnoreCase)) > 1
            ? $"calls two methods '{named.Name}'; give each a name of its own."
        : methods.Count(method => method.Text == named.Text) > 1
            ? $"has the method '{named.Text}' twice; leave one of them out."
        : named.Name.Contains('+', StringComparison.Ordinal)
            ? $"calls a method '{named.Name}', and + stands between the names of a recipe's methods; choose another name."
        : MethodCatalog.All.Any(entry => entry.Name.Equals(named.Name, StringComparison.OrdinalIgnoreCase))
            ? $"calls '{named.Text}' by the name of another method, '{named.Name}'; choose another name."
        : null;

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
        if (recipes.Where((recipe, i) => told[i] is null && IsNamed(recipe.Name)).FirstOrDefault() is { } again)
        {
            throw new CommandFailure(
                $"The recipe '{again.Name}' is trained already, under another name; leave it out.",
                ExitCode.Usage
            );
        }

        var clash = recipes
            .Where((recipe, i) => told[i] is { } unique && unique.Name != recipe.Name)
            .Select(recipe => recipe.Name)
            .FirstOrDefault(IsNamed);
        if (clash is not null)
        {
            var baseline = clash == ComparisonPlan.Baseline ? ", as the baseline is" : "";
            throw new CommandFailure(
                $"Two recipes are called '{clash}'{baseline}; give each a name of its own.",
                ExitCode.Usage
            );
        }

        bool IsNamed(string name) => name.Split(" + ").Any(names.Contains);
    }

    private bool IsNamed => Name != Text;

    private static NamedMethod Parse(string option, string text)
    {
        var parts = $" {text} ".Split(As, StringSplitOptions.TrimEntries);
        return parts switch
        {
            [_] => new(text, text),
            [{ Length: > 0 } method, { Length: > 0 } name] => new(method, name),
            _ => throw new CommandFailure(
                $"{option} names a method as in 'hps:head-widths=64 as wide'; got '{text}'.",
                ExitCode.Usage
            ),
        };
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
