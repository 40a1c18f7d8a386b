using System.CommandLine;

namespace Plait.Cli.Commands;

/// <summary>The options that say what rows and classes of a table count.</summary>
internal static class WeightOptions
{
    /// <summary>Columns that weigh rows.</summary>
    public static readonly Option<string[]> Weights = new("--weight")
    {
        Description =
            "A column that says how much each row counts, 0 or more: COLUMN for all targets, or TARGET:COLUMN for one. Several are multiplied. Once for each.",
        HelpName = "COLUMN",
    };

    /// <summary>Whether classes count alike.</summary>
    public static readonly Option<bool> Balance = new("--balance")
    {
        Description =
            "Let the classes of each target count alike: each by the inverse of its share of the training rows.",
    };

    /// <summary>What single classes count.</summary>
    public static readonly Option<string[]> ClassWeights = new("--class-weight")
    {
        Description =
            "What a class counts where others count 1, such as churn:yes=5, in place of --balance for its target. Once for each.",
        HelpName = "TARGET:CLASS=X",
    };
}
