using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;

namespace Plait.Networks.Experts;

/// <summary>Shared experts, experts of each task's own, and for each task a gate that mixes the two kinds row by row.</summary>
/// <remarks>
/// Tang et al. 2020, <i>Progressive Layered Extraction (PLE): A Novel Multi-Task Learning (MTL) Model for Personalized
/// Recommendations</i>, section 4.1: y_t = h_t(softmax(W_t x) [E_t(x); E_s(x)]). Without own experts it is <see cref="MultiGateMixtureOfExperts"/>;
/// own experts are safe from what other tasks want of them.
/// </remarks>
[Method(
    "cgc",
    Survey = "2.1",
    Paper = "Tang et al. 2020, Progressive Layered Extraction (PLE): A Novel Multi-Task Learning (MTL) Model for Personalized Recommendations",
    Summary = "Shared experts and experts of each task's own, mixed by one gate a task."
)]
public sealed class CustomizedGateControl : LayeredExtraction
{
    /// <summary>Puts experts, gates and heads on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">What experts and gates read, now owned by this network; one without layers passes the input on.</param>
    /// <param name="ownExperts">Experts of each task, 0 or more.</param>
    /// <param name="sharedExperts">Experts of all tasks, 1 or more.</param>
    /// <param name="expertWidths">The width (channels, on maps) of each layer of an expert, from the input up, at least one; 64 when null.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="ArgumentException">There is no shared expert, or an expert has no layer.</exception>
    public CustomizedGateControl(
        TaskSet tasks,
        Encoder encoder,
        int ownExperts = 4,
        int sharedExperts = 4,
        int[]? expertWidths = null,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(
            tasks,
            encoder,
            nameof(CustomizedGateControl),
            layers: 1,
            ownExperts,
            sharedExperts,
            expertWidths,
            headWidths,
            head
        ) { }
}
