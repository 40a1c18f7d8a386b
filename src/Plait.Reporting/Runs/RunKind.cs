namespace Plait.Reporting;

/// <summary>What a run is.</summary>
public enum RunKind
{
    /// <summary>One network trained for its own sake.</summary>
    Train,

    /// <summary>Recipes against a baseline; its trainings are its children.</summary>
    Comparison,

    /// <summary>One training of a comparison: one recipe, one seed. Its name is the recipe's.</summary>
    Training,
}
