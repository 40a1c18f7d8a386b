using Plait.Catalogue;

namespace Plait.Benchmarks.Episodes;

/// <summary>Every family of tasks to be learned by trial that the library has.</summary>
public static class EpisodicCatalog
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<EpisodicFamily> All { get; } = [new PointGoals(), new Directions()];

    /// <summary>The family of this name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static EpisodicFamily Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(family => family.Name == name)
            ?? throw new FormatException(
                $"There is no environment '{name}'{NameSuggestion.Choice(name, [.. All.Select(family => family.Name)])}"
            );
    }
}
