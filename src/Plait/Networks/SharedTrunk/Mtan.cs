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
/// <para>Liu et al. 2019, <i>End-to-End Multi-Task Learning with Attention</i>, equations 1 and 2: â_j = h(g([u_j; f(â_{j-1})])) ∘ p_j with
/// u_j early and p_j late features of stage j, g and h 1 x 1 convolutions, h closed by a sigmoid, and f shared by all tasks; the head
/// reads the last â.</para>
/// <para>As in the authors' code, on residual networks u_j is what the last block of a stage reads and p_j what it gives; on
/// <see cref="SegNet"/> the blocks on the way up count as stages too, where u_j is the unpooled map. Max-pooling follows f where the next
/// stage has smaller maps, enlargement comes before it where it has larger ones. Between the way down of a <see cref="SegNet"/> and the way
/// up stand two f, with pooling and enlargement between them, so that five blocks each way have the paper's ten. In a stage of a single block, and for encoders without
/// blocks, u_j is p_j; on vectors all layers are linear.</para>
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
    private readonly ModuleList<ModuleList<Module<Tensor, Tensor>>> attentions; // of each site and task
    private readonly ModuleList<Module<Tensor, Tensor>> refinements; // of each site but the last, and a second one where the way turns
    private readonly IReadOnlyList<AttentionSite> sites;
    private readonly ModuleList<TaskHead> heads;

    /// <summary>Puts attention modules and heads on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">The shared part, now owned by this network.</param>
    /// <param name="reduction">
    /// What a stage's channels are divided by inside an attention module, 1 or more. When null: what blocks expand their channels by, which is
    /// 4 for bottlenecks, as in the authors' code, and 1 for all else, as in the paper.
    /// </param>
    /// <param name="refinement">What f is; when null as in the authors' networks a convolution on <see cref="SegNet"/>, a bottleneck on others.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="NotSupportedException">The encoder has no stage to look at.</exception>
    public Mtan(
        TaskSet tasks,
        Encoder encoder,
        int? reduction = null,
        AttentionRefinement? refinement = null,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(tasks, nameof(Mtan))
    {
        ArgumentNullException.ThrowIfNull(encoder);
        var inside = reduction ?? encoder.Expansion;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inside, nameof(reduction));
        this.encoder = encoder;
        sites = encoder.Sites;
        if (sites.Count == 0)
        {
            throw new NotSupportedException(
                $"{encoder.GetName()} has no stage in which tasks could pick features; choose an encoder with layers, such as mlp:widths=64."
            );
        }

        attentions = new ModuleList<ModuleList<Module<Tensor, Tensor>>>([
            .. sites.Select(
                (site, place) =>
                    new ModuleList<Module<Tensor, Tensor>>([
                        .. tasks.Select(_ => Attention(site, place == 0 ? 0 : site.Late, inside)),
                    ])
            ),
        ]);
        var kind =
            refinement
            ?? (sites.Any(site => site.Turns) ? AttentionRefinement.Convolution : AttentionRefinement.Bottleneck);
        refinements = new ModuleList<Module<Tensor, Tensor>>([
            .. sites
                .Zip(sites.Skip(1))
                .SelectMany(pair =>
                    new[] { pair.Second.Late }
                        .Prepend(pair.First.Late)
                        .Skip(pair.First.Turns ? 0 : 1)
                        .Select(outputs => Refinement.Build(pair.First.Late, outputs, pair.First.OnMaps, kind))
                ),
        ]);
        heads = new ModuleList<TaskHead>([.. tasks.Select(task => Head.For(task, encoder, headWidths, head))]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters => [.. encoder.parameters(), .. refinements.parameters()];

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) =>
        [.. attentions.SelectMany(stage => stage[task].parameters()), .. heads[task].parameters()];

    /// <inheritdoc/>
    public override FeatureSpec FeatureSpecOf(int task) => encoder.Output;

    /// <summary>The masks by which a task picks features, one a stage that is attended: numbers from 0 to 1, of the shape of what is picked from.</summary>
    /// <param name="input">[rows, ...], as the encoder takes it.</param>
    /// <param name="task">The task's place in the set.</param>
    public IReadOnlyList<Tensor> MasksOf(Tensor input, int task)
    {
        var masks = new List<Tensor>();
        Attend(task, encoder.Look(input), masks);
        return masks;
    }

    /// <inheritdoc/>
    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(outputs);
        var seen = encoder.Look(encoder.Enter(input));
        foreach (var task in tasks.Indices)
        {
            var features = Attend(task, seen);
            outputs.SetFeatures(task, features);
            outputs[task] = heads[task].call(features);
        }
    }

    private Tensor Attend(int task, (Tensor Early, Tensor Late)[] seen, List<Tensor>? masks = null)
    {
        var read = seen[0].Early;
        for (var (site, refinement) = (0, 0); ; site++)
        {
            var mask = attentions[site][task].call(read);
            masks?.Add(mask);
            var picked = mask * seen[site].Late;
            if (site == seen.Length - 1)
            {
                return encoder.Close(picked);
            }

            if (sites[site].Turns)
            {
                picked = functional.max_pool2d(refinements[refinement++].call(picked), 2);
            }

            var next = seen[site + 1].Early;
            read = torch.cat([next, Bring(picked, refinements[refinement++], next)], 1);
        }
    }

    /// <summary>f: max-pooling to smaller maps, or to vectors, comes after it, and bilinear enlargement to larger ones before.</summary>
    private static Tensor Bring(Tensor picked, Module<Tensor, Tensor> refinement, Tensor next)
    {
        if (picked.dim() != 4)
        {
            return refinement.call(picked);
        }

        if (next.dim() != 4)
        {
            return refinement.call(picked).amax([2, 3]);
        }

        var (height, width) = (next.size(2), next.size(3));
        return picked.size(2) > height || picked.size(3) > width
            ? functional.adaptive_max_pool2d(refinement.call(picked), [height, width])
            : refinement.call(Enlargement.Resize(picked, height, width));
    }

    /// <summary>h after g.</summary>
    private static Sequential Attention(AttentionSite site, long refined, int reduction)
    {
        var hidden = Math.Max(1, site.Late / reduction);
        return Sequential(
            Pointwise.Layer(site.Early + refined, hidden, site.OnMaps),
            Pointwise.Norm(hidden, site.OnMaps),
            ReLU(),
            Pointwise.Layer(hidden, site.Late, site.OnMaps),
            Pointwise.Norm(site.Late, site.OnMaps),
            Sigmoid()
        );
    }
}
