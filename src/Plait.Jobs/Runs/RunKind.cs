namespace Plait.Jobs.Runs;

/// <summary>What a run is.</summary>
public enum RunKind
{
    /// <summary>One network trained for its own sake.</summary>
    Train,

    /// <summary>Recipes against a baseline; its trainings are its children.</summary>
    Comparison,

    /// <summary>One training of a run of another kind. Its name is the recipe's, or what the analysis needs it for.</summary>
    Training,

    /// <summary>What relationships there are between tasks; its trainings are its children.</summary>
    Analysis,

    /// <summary>Further tasks for the networks of a comparison; its trainings are its children.</summary>
    Extension,
}
