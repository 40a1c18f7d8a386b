using Plait.Catalogue;
using Plait.Networks.PredictionDistillation;
using Plait.Networks.SharedTrunk;
using Plait.Networks.SingleTasking;

namespace Plait.Benchmarks.Comparison;

/// <summary>What kind of recipe it is.</summary>
/// <remarks>The taxonomy of Vandenhende et al. 2021, <i>Multi-Task Learning for Dense Prediction Tasks: A Survey</i>, sections 2 and 3.</remarks>
public enum RecipeFamily
{
    /// <summary>One network for each task.</summary>
    SingleTask,

    /// <summary>One shared encoder, one head a task, losses added up.</summary>
    Baseline,

    /// <summary>Tasks share or exchange in the encoder.</summary>
    EncoderFocused,

    /// <summary>Tasks exchange what they are about to answer.</summary>
    DecoderFocused,

    /// <summary>The baseline's network, trained otherwise: with another balance of losses or gradients, another schedule, or further terms.</summary>
    Optimization,
}

/// <summary>Tells what kind a recipe is.</summary>
internal static class RecipeFamilies
{
    public static RecipeFamily Of(ComparisonRow row)
    {
        var name = MethodSpecification.Parse(row.Network).Name;
        var type = MethodCatalog.Of(MethodKind.Architecture).FirstOrDefault(entry => entry.Name == name)?.Type;
        return type == typeof(SingleTask) ? RecipeFamily.SingleTask
            : type?.IsAssignableTo(typeof(DistillationNetwork)) == true ? RecipeFamily.DecoderFocused
            : type != typeof(HardSharing) ? RecipeFamily.EncoderFocused
            : row is { Weighting: "equal", Aggregator: "sum", Schedule: "joint", Regularizers: [], Auxiliaries: [] }
                ? RecipeFamily.Baseline
            : RecipeFamily.Optimization;
    }
}
