using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Networks.SingleTasking;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks.CrossTalk;

/// <summary>One network for each task; after each of some stages it goes on with its own learned mixture of all networks' activations.</summary>
/// <remarks>
/// Misra et al. 2016, <i>Cross-Stitch Networks for Multi-task Learning</i>, section 3. Section 5.3 starts from single-task networks that
/// are trained already, as <see cref="JoinedTowers.StartFrom(SingleTask)"/> does. For five tasks Vandenhende et al. 2021, <i>Multi-Task
/// Learning for Dense Prediction Tasks: A Survey</i>, take 0.8 and 0.05.
/// </remarks>
[Method(
    "cross-stitch",
    Survey = "2.1",
    Paper = "Misra et al. 2016, Cross-Stitch Networks for Multi-task Learning",
    Arxiv = "1604.03539",
    Summary = "One network a task, joined after every stage by learned linear mixtures of their activations."
)]
public sealed class CrossStitch : JoinedTowers
{
    private readonly ModuleList<StitchUnit> units;

    /// <summary>Joins one encoder a task.</summary>
    /// <param name="tasks">The tasks; with only one there is nothing to mix.</param>
    /// <param name="encoder">The first task's encoder, now owned by this network; the other tasks get replicas with fresh parameters.</param>
    /// <param name="own">The weight that a task's own activations start with, from 0 to 1.</param>
    /// <param name="channelWise">Whether every channel (as in the paper) has weights of its own, or a whole stage has the same.</param>
    /// <param name="other">The weight that each other task's activations start with; equal parts of what <paramref name="own"/> leaves of 1 when null.</param>
    /// <param name="join">After which stages activations are mixed.</param>
    /// <param name="rate">
    /// How many times the recipe's learning rate the mixtures take; when null 100 with stochastic gradient descent (section 5.2 and
    /// table 2: 100 to 1000), and 1 with Adam, whose steps do not shrink with the gradient.
    /// </param>
    /// <param name="start">Whether the networks start fresh, or from trained ones of single tasks, as in section 5.3.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="ArgumentException">A weight is not finite or out of its range, or as <see cref="JoinedTowers"/> says.</exception>
    public CrossStitch(
        TaskSet tasks,
        Encoder encoder,
        double own = 0.9,
        bool channelWise = true,
        double? other = null,
        JoinPlaces join = JoinPlaces.Blocks,
        double? rate = null,
        TowerStart start = TowerStart.Fresh,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(nameof(CrossStitch), tasks, encoder, join, rate, start, headWidths, head)
    {
        var weights = new StartingWeights(tasks.Count, own, other);
        units = new ModuleList<StitchUnit>([
            .. Joins
                .Take(UnitCount)
                .Select(stage => new StitchUnit(tasks, encoder.StageShapes[stage][0], weights, channelWise)),
        ]);
        RegisterComponents();
    }

    /// <summary>The weights with which a task takes in the activations of all tasks at a join: [tasks], or [tasks, channels].</summary>
    /// <param name="task">The task's place in the set.</param>
    /// <param name="unit">Which of <see cref="JoinedTowers.Joins"/>.</param>
    /// <exception cref="InvalidOperationException">There is only one task.</exception>
    public Parameter StitchOf(int task, int unit) =>
        units.Count > 0
            ? units[unit].Row(task)
            : throw new InvalidOperationException("A network of one task, or without stages, has nothing to mix.");

    /// <inheritdoc/>
    protected override double RateOfDescent => 100;

    /// <inheritdoc/>
    protected override Tensor[] Join(int unit, Tensor[] activations, ReadOnlySpan<int> receivers) =>
        units[unit].Mix(activations, receivers);

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> WeightsOf(int unit, int task) => [units[unit].Row(task)];
}
