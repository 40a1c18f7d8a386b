using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SharedTrunk;

/// <summary>How the features that a task has picked in one stage become what it looks at in the next.</summary>
public enum AttentionRefinement
{
    /// <summary>A residual bottleneck, as in the authors' network on a ResNet.</summary>
    Bottleneck,

    /// <summary>A 3 x 3 convolution, as in the paper's network on SegNet.</summary>
    Convolution,
}

/// <summary>One encoder for all tasks; in each of its stages each task picks features by a mask of its own, which learns what to look at.</summary>
/// <remarks>
/// Liu et al. 2019, <i>End-to-End Multi-Task Learning with Attention</i>, equations 1 and 2: â_j = h(g([u_j; f(â_{j-1})])) ∘ p_j with u_j early and
/// p_j late features of stage j, g and h 1 x 1 convolutions, h closed by a sigmoid, and f shared by all tasks; the head reads the last â. On residual networks as in the authors'
/// code: u_j is what the last block of a stage reads, p_j what it gives, and max-pooling follows f where the next stage has smaller
/// maps. In a stage of a single block, and for encoders without blocks, u_j is p_j; on vectors all layers are linear.
/// </remarks>
[Method(
    "mtan",
    Survey = "2.1",
    Paper = "Liu et al. 2019, End-to-End Multi-Task Learning with Attention",
    Arxiv = "1803.10704",
    Summary = "One encoder; each task picks its features by an attention mask in every stage."
)]
public sealed class Mtan : MultiTaskNetwork
{
    private readonly Encoder encoder;
    private readonly ModuleList<ModuleList<Module<Tensor, Tensor>>> attentions; // of each stage and task
    private readonly ModuleList<Module<Tensor, Tensor>> refinements; // of each stage but the last
    private readonly ModuleList<Module<Tensor, Tensor>> heads;

    /// <summary>Puts attention modules and heads on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">The shared part, now owned by this network.</param>
    /// <param name="reduction">
    /// What a stage's channels are divided by inside an attention module, 1 or more: 1 in the paper, 4 in the authors' code for stages of bottlenecks.
    /// </param>
    /// <param name="refinement">What f is.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="NotSupportedException">The encoder has no stage to look at.</exception>
    public Mtan(
        TaskSet tasks,
        Encoder encoder,
        int reduction = 1,
        AttentionRefinement refinement = AttentionRefinement.Bottleneck,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(tasks, nameof(Mtan))
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(reduction);
        this.encoder = encoder;
        var stages = AttendedStages.ToArray();
        if (stages.Length == 0)
        {
            throw new NotSupportedException(
                $"{encoder.GetName()} has no stage in which tasks could pick features; choose an encoder with layers, such as mlp:widths=64."
            );
        }

        attentions = new ModuleList<ModuleList<Module<Tensor, Tensor>>>([
            .. stages.Select(stage => new ModuleList<Module<Tensor, Tensor>>([
                .. tasks.Select(_ => Attention(stage, isFirst: stage == stages[0], reduction)),
            ])),
        ]);
        refinements = new ModuleList<Module<Tensor, Tensor>>([
            .. stages
                .SkipLast(1)
                .Select(stage =>
                    Refinement.Build(
                        encoder.StageShapes[stage][0],
                        encoder.StageShapes[stage + 1][0],
                        encoder.HalvesAreMaps(stage),
                        refinement
                    )
                ),
        ]);
        heads = new ModuleList<Module<Tensor, Tensor>>([
            .. tasks.Select(task => Head.For(task, encoder, headWidths, head)),
        ]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters => [.. encoder.parameters(), .. refinements.parameters()];

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) =>
        [.. attentions.SelectMany(stage => stage[task].parameters()), .. heads[task].parameters()];

    /// <inheritdoc/>
    public override IReadOnlyList<long> FeatureShapeOf(int task) => encoder.OutputShape;

    /// <summary>The masks by which a task picks features, one a stage that is attended: numbers from 0 to 1, of the shape of that stage's features.</summary>
    /// <param name="input">[rows, ...], as the encoder takes it.</param>
    /// <param name="task">The task's place in the set.</param>
    public IReadOnlyList<Tensor> MasksOf(Tensor input, int task)
    {
        var masks = new List<Tensor>();
        Attend(task, Look(input), masks);
        return masks;
    }

    /// <inheritdoc/>
    public override TaskOutputs Forward(MultiTaskBatch batch, TaskSelection tasks)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tasks);
        var outputs = new TaskOutputs(tasks);
        var seen = batch.SharesInput ? Look(batch.Input) : null;
        foreach (var task in tasks.Indices)
        {
            var features = Attend(task, seen ?? Look(batch.InputOf(task)));
            outputs.SetFeatures(task, features);
            outputs[task] = heads[task].call(features);
        }

        return outputs;
    }

    private IEnumerable<int> AttendedStages => Enumerable.Range(0, encoder.Stages.Count).Skip(encoder.EntranceStages);

    /// <summary>The shared features: u and p of each stage.</summary>
    private (Tensor Early, Tensor Late)[] Look(Tensor input)
    {
        foreach (var stage in encoder.Stages.Take(encoder.EntranceStages))
        {
            input = stage.call(input);
        }

        var seen = new List<(Tensor Early, Tensor Late)>();
        foreach (var stage in AttendedStages)
        {
            seen.Add(encoder.Halves(stage, input));
            input = encoder.Close(stage, seen[^1].Late);
        }

        return [.. seen];
    }

    private Tensor Attend(int task, (Tensor Early, Tensor Late)[] seen, List<Tensor>? masks = null)
    {
        Tensor? before = null; // f(â) of the stage before
        for (var stage = 0; ; stage++)
        {
            var (early, late) = seen[stage];
            var mask = attentions[stage][task].call(before is null ? early : torch.cat([early, Fit(before, early)], 1));
            masks?.Add(mask);
            var picked = mask * late;
            if (stage == seen.Length - 1)
            {
                return encoder.AsFeatures(encoder.Close(encoder.Stages.Count - 1, picked));
            }

            before = refinements[stage].call(picked);
        }
    }

    /// <summary>Max-pooling to smaller maps, or to vectors; bilinear enlargement to larger ones.</summary>
    private static Tensor Fit(Tensor map, Tensor like)
    {
        if (map.dim() != 4 || like.dim() != 4)
        {
            return map.dim() == 4 ? map.amax([2, 3]) : map;
        }

        var (height, width) = (like.size(2), like.size(3));
        return map.size(2) > height || map.size(3) > width
            ? functional.adaptive_max_pool2d(map, [height, width])
            : Enlargement.Resize(map, height, width);
    }

    /// <summary>h after g.</summary>
    private Module<Tensor, Tensor> Attention(int stage, bool isFirst, int reduction)
    {
        var channels = encoder.StageShapes[stage][0];
        var hidden = Math.Max(1, channels / reduction);
        var onMaps = encoder.HalvesAreMaps(stage);
        return Sequential(
            Pointwise.Layer(isFirst ? channels : 2 * channels, hidden, onMaps),
            Pointwise.Norm(hidden, onMaps),
            ReLU(),
            Pointwise.Layer(hidden, channels, onMaps),
            Pointwise.Norm(channels, onMaps),
            Sigmoid()
        );
    }
}
