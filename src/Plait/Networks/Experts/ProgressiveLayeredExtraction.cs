using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;

namespace Plait.Networks.Experts;

/// <summary>Several layers of shared experts and experts of each task's own, which drift apart layer by layer.</summary>
/// <remarks>
/// Tang et al. 2020, <i>Progressive Layered Extraction (PLE): A Novel Multi-Task Learning (MTL) Model for Personalized
/// Recommendations</i>, section 4.2. In layer l, the experts and the gate of task t read x_t, what its gate mixed below of its own and the shared experts;
/// the shared experts read x_s, what the shared gate mixed below of the experts of all tasks. The last layer has only the tasks'
/// gates. The weights of the losses over time (their section 4.3) are a loss weighting's affair; that a task learns only from rows
/// that have a target for it holds for every network here.
/// </remarks>
[Method(
    "ple",
    Survey = "2.1",
    Paper = "Tang et al. 2020, Progressive Layered Extraction (PLE): A Novel Multi-Task Learning (MTL) Model for Personalized Recommendations",
    Summary = "Layers of shared experts and of each task's own, with gates between them that separate the tasks step by step."
)]
public sealed class ProgressiveLayeredExtraction : LayeredExtraction
{
    /// <summary>Puts extraction layers and heads on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">What the first layer reads, now owned by this network; one without layers passes the input on.</param>
    /// <param name="layers">How many extraction layers, 1 or more; one is <see cref="CustomizedGateControl"/>.</param>
    /// <param name="ownExperts">Experts of each task in each layer, 0 or more.</param>
    /// <param name="sharedExperts">Experts of all tasks in each layer, 1 or more.</param>
    /// <param name="expertWidths">The width (channels, on maps) of each layer of an expert, from the input up, at least one; 64 when null.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="ArgumentException">There is no layer or no shared expert, or an expert has no layer.</exception>
    public ProgressiveLayeredExtraction(
        TaskSet tasks,
        Encoder encoder,
        int layers = 2,
        int ownExperts = 4,
        int sharedExperts = 4,
        int[]? expertWidths = null,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(
            tasks,
            encoder,
            nameof(ProgressiveLayeredExtraction),
            layers,
            ownExperts,
            sharedExperts,
            expertWidths,
            headWidths,
            head
        ) { }
}
