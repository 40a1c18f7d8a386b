using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.CrossTalk;

/// <summary>One network for each task, in subspaces: learned mixtures say which subspaces share, and which stages a head listens to.</summary>
/// <remarks>
/// <para>Ruder et al. 2019, <i>Latent Multi-task Architecture Learning</i>: after each stage the subspaces of all tasks are
/// mixed by a matrix α, and a task's head reads a mixture β of what its network gave after each stage. With one subspace and β on
/// the last stage alone this is a cross-stitch network; with rows of α that are the same for all tasks the tasks share hard; with β on a
/// lower stage a task is supervised there.</para>
/// <para>The paper's stages are layers of one width. Here an earlier stage is resized to the last (a map bilinearly, or to its mean where
/// the last gives vectors), and passes a linear layer of the task's own where it has other channels; a stage whose channels the subspaces do
/// not divide has as many as do. The paper's penalty, which keeps the subspaces of a task apart, is the regularizer
/// <c>orthogonality</c>. The authors' imbalanced start of α gives every subspace 0.95 of one source subspace and 0.05 of the rest; here
/// that source is each subspace itself.</para>
/// </remarks>
[Method(
    "sluice",
    Survey = "2.1",
    Paper = "Ruder et al. 2019, Latent Multi-task Architecture Learning",
    Arxiv = "1705.08142",
    Summary = "One network a task: learned mixtures of subspaces after every stage, and of stages for every head."
)]
public sealed class Sluice : JoinedTowers, IParallelLayers
{
    private readonly ModuleList<SubspaceUnit> units;
    private readonly ModuleList<ModuleList<Module<Tensor, Tensor>>>? bridges; // of each task and stage but the last

    /// <summary>Joins one encoder a task.</summary>
    /// <param name="tasks">The tasks; with only one there are no subspaces to mix.</param>
    /// <param name="encoder">The first task's encoder, now owned by this network; the other tasks get replicas with fresh parameters.</param>
    /// <param name="subspaces">Parts of equal size that a stage's channels fall into, 1 or more; 2 in the paper.</param>
    /// <param name="own">The weight α that each subspace starts with of itself, from 0 to 1; all others start with equal parts of the rest.</param>
    /// <param name="last">The weight β that a head starts with of the last stage, from 0 to 1; the others start with equal parts of the rest.</param>
    /// <param name="join">After which stages subspaces are mixed, and which stages heads read.</param>
    /// <param name="rate">How many times the recipe's learning rate the mixtures α and β take; 1 in the paper.</param>
    /// <param name="start">Whether the networks start fresh, as in the paper, or from trained ones of single tasks.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or as <see cref="JoinedTowers"/> says.</exception>
    public Sluice(
        TaskSet tasks,
        Encoder encoder,
        int subspaces = 2,
        double own = 0.9,
        double last = 0.9,
        JoinPlaces join = JoinPlaces.Blocks,
        double rate = 1,
        TowerStart start = TowerStart.Fresh,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(nameof(Sluice), tasks, encoder, join, rate, start, headWidths, head)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(subspaces);
        ArgumentOutOfRangeException.ThrowIfNegative(last);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, 1);
        units = new ModuleList<SubspaceUnit>([
            .. Joins
                .Take(UnitCount)
                .Select(stage => new SubspaceUnit(tasks.Count, encoder.StageShapes[stage][0], subspaces, own)),
        ]);
        if (ReadStages.Count > 1)
        {
            bridges = new ModuleList<ModuleList<Module<Tensor, Tensor>>>([.. tasks.Select(_ => Bridges(encoder))]);
            for (var task = 0; task < tasks.Count; task++)
            {
                register_parameter(NameOf(task), Mixture(ReadStages.Count, last));
            }
        }

        RegisterComponents();
    }

    /// <summary>How many subspaces a stage's channels fall into at a join.</summary>
    public int SubspacesOf(int unit) => units[unit].Subspaces;

    /// <summary>α: the weights with which a task's subspaces take in those of all tasks at a join, [subspaces, tasks x subspaces].</summary>
    /// <param name="task">The task's place in the set.</param>
    /// <param name="unit">Which of <see cref="JoinedTowers.Joins"/>.</param>
    /// <exception cref="InvalidOperationException">There is only one task.</exception>
    public Parameter SubspaceWeightsOf(int task, int unit) =>
        units.Count > 0
            ? units[unit].Row(task)
            : throw new InvalidOperationException("A network of one task, or without stages, has nothing to mix.");

    /// <summary>β: the weights with which a task's head reads the stages that are joined and the last one, [stages].</summary>
    /// <exception cref="InvalidOperationException">There is only one such stage.</exception>
    public Parameter StageWeightsOf(int task) =>
        bridges is not null
            ? get_parameter(NameOf(task))!
            : throw new InvalidOperationException("A network of one stage, or none, has no stages to mix.");

    /// <inheritdoc/>
    /// <remarks>Of each weight that makes a stage's channels, every pair of the subspaces that are joined.</remarks>
    public IEnumerable<(Tensor Shared, Tensor Private)> ParallelWeights =>
        from tower in Towers
        from unit in Enumerable.Range(0, UnitCount)
        from weight in tower.Stages[Joins[unit]].parameters()
        where weight.dim() >= 2 && weight.size(0) == units[unit].Channels
        from one in Enumerable.Range(0, units[unit].Subspaces)
        from other in Enumerable.Range(one + 1, units[unit].Subspaces - one - 1)
        select (units[unit].Part(weight, one), units[unit].Part(weight, other));

    /// <inheritdoc/>
    protected override Tensor[] Join(int unit, Tensor[] activations, ReadOnlySpan<int> receivers) =>
        units[unit].Mix(activations, receivers);

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> WeightsOf(int unit, int task) => [units[unit].Row(task)];

    /// <inheritdoc/>
    protected override Tensor Read(int task, IReadOnlyList<Tensor> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        var last = stages[^1];
        if (bridges is null)
        {
            return last;
        }

        var weights = StageWeightsOf(task).unbind(0);
        var read = last * weights[^1];
        for (var stage = 0; stage < stages.Count - 1; stage++)
        {
            read = read.add(bridges[task][stage].call(Alignment.Fit(stages[stage], last)).mul(weights[stage]));
        }

        return read;
    }

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> ReadingOf(int task) =>
        bridges is null ? [] : [StageWeightsOf(task), .. bridges[task].parameters()];

    private static string NameOf(int task) => $"stageWeights{task}";

    private static Parameter Mixture(int stages, double last)
    {
        using var scope = torch.NewDisposeScope();
        var weights = torch.full([stages], (1 - last) / (stages - 1), ScalarType.Float32);
        weights.select(0, -1).fill_(last);
        var parameter = Parameter(weights);
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    /// <summary>What turns the channels of each stage but the last into the last one's; nothing where they are as many.</summary>
    private ModuleList<Module<Tensor, Tensor>> Bridges(Encoder encoder)
    {
        var (channels, onMaps) = (encoder.OutputShape[0], encoder.OutputShape.Count == 3);
        return new ModuleList<Module<Tensor, Tensor>>([
            .. ReadStages
                .SkipLast(1)
                .Select(stage => encoder.StageShapes[stage][0])
                .Select(inputs =>
                    inputs == channels
                        ? (Module<Tensor, Tensor>)Identity()
                        : Pointwise.Layer(inputs, channels, onMaps, bias: false)
                ),
        ]);
    }
}
