using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Networks.SingleTasking;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks.CrossTalk;

/// <summary>One network for each task; after each stage each goes on with fewer features made of all networks' features.</summary>
/// <remarks>
/// Gao et al. 2019, <i>NDDR-CNN: Layerwise Feature Fusing in Multi-Task CNNs by Neural Discriminative Dimensionality Reduction</i>,
/// section 3: the features of all tasks side by side, a 1 x 1 convolution for each task, batch normalisation, ReLU. A
/// cross-stitch unit is the special case of a diagonal convolution. The paper starts from trained networks
/// (<see cref="JoinedTowers.StartFrom(SingleTask)"/>) and gives these layers 100 times the learning rate of the rest.
/// </remarks>
[Method(
    "nddr-cnn",
    Survey = "2.1",
    Paper = "Gao et al. 2019, NDDR-CNN: Layerwise Feature Fusing in Multi-Task CNNs by Neural Discriminative Dimensionality Reduction",
    Arxiv = "1801.08297",
    Summary = "One network a task, joined after every stage by 1 x 1 convolutions of all their features."
)]
public sealed class Nddr : JoinedTowers
{
    private readonly ModuleList<NddrLayer> layers;
    private readonly ModuleList<FusedLayer>? shortcuts; // one a task

    /// <summary>Joins one encoder a task.</summary>
    /// <param name="tasks">The tasks; with only one there is nothing to join.</param>
    /// <param name="encoder">The first task's encoder, now owned by this network; the other tasks get replicas with fresh parameters.</param>
    /// <param name="own">The weight of a task's own feature in the one of the same channel at the start, from 0 to 1.</param>
    /// <param name="other">That of each other task's; equal parts of what <paramref name="own"/> leaves of 1 when null.</param>
    /// <param name="shortcut">Whether heads read what all joins gave, resized to the last, through one more 1 x 1 convolution.</param>
    /// <param name="join">After which stages features are joined.</param>
    /// <param name="rate">
    /// How many times the recipe's learning rate the joins take; when null 100 with stochastic gradient descent, as in the paper, and 1 with
    /// Adam, whose steps do not shrink with the gradient.
    /// </param>
    /// <param name="start">Whether the networks start fresh, or from trained ones of single tasks, as in the paper.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="ArgumentException">A weight is not finite or out of its range, or as <see cref="JoinedTowers"/> says.</exception>
    public Nddr(
        TaskSet tasks,
        Encoder encoder,
        double own = 0.9,
        double? other = null,
        bool shortcut = false,
        JoinPlaces join = JoinPlaces.Blocks,
        double? rate = null,
        TowerStart start = TowerStart.Fresh,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(nameof(Nddr), tasks, encoder, join, rate, start, headWidths, head)
    {
        var weights = new StartingWeights(tasks.Count, own, other);
        layers = new ModuleList<NddrLayer>([
            .. Joins.Take(UnitCount).Select(stage => new NddrLayer(tasks.Count, encoder.StageShapes[stage], weights)),
        ]);
        if (shortcut && ReadStages.Count > 1)
        {
            var read = ReadStages.Sum(stage => encoder.StageShapes[stage][0]);
            shortcuts = new ModuleList<FusedLayer>([
                .. tasks.Select(_ => new FusedLayer(read, encoder.OutputShape[0], encoder.OutputShape.Count == 3)),
            ]);
        }

        RegisterComponents();
    }

    /// <summary>The weight with which a task takes in the features of all tasks at a join: [channels, tasks x channels], and 1 x 1 for maps.</summary>
    /// <param name="task">The task's place in the set.</param>
    /// <param name="unit">Which of <see cref="JoinedTowers.Joins"/>.</param>
    /// <exception cref="InvalidOperationException">There is only one task.</exception>
    public Parameter WeightOf(int task, int unit) =>
        layers.Count > 0
            ? layers[unit].Of(task).Weight
            : throw new InvalidOperationException("A network of one task, or without stages, has nothing to join.");

    /// <inheritdoc/>
    protected override double RateOfDescent => 100;

    /// <inheritdoc/>
    protected override Tensor[] Join(int unit, Tensor[] activations, ReadOnlySpan<int> receivers)
    {
        var all = torch.cat(activations, 1); // [rows, tasks x channels, ...]
        var fused = new Tensor[receivers.Length];
        for (var i = 0; i < fused.Length; i++)
        {
            fused[i] = layers[unit].Of(receivers[i]).call(all);
        }

        return fused;
    }

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> WeightsOf(int unit, int task) => layers[unit].Of(task).parameters();

    /// <inheritdoc/>
    protected override Tensor Read(int task, IReadOnlyList<Tensor> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        var last = stages[^1];
        return shortcuts is null
            ? last
            : shortcuts[task].call(torch.cat([.. stages.Select(stage => Alignment.Fit(stage, last))], 1));
    }

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> ReadingOf(int task) => shortcuts?[task].parameters() ?? [];
}
