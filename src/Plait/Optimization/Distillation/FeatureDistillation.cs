using Plait.Catalogue;
using Plait.Networks;
using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Optimization.Distillation;

/// <summary>Draws what each head reads, seen through an adapter of the task's own, to what its teacher's head reads.</summary>
/// <remarks>
/// <para>Li and Bilen 2020, <i>Knowledge Distillation for Multi-task Learning</i>, section 3.2: the mean over rows (and pixels) of
/// ‖A_t f_S / ‖A_t f_S‖ - f_T / ‖f_T‖‖², added to the task's loss. A_t is linear, without offset, and a 1 x 1 convolution between
/// maps; it starts as in the authors' code (Glorot and Bengio 2010, normal). The length of features is free, so that tasks pull at
/// the trunk with like strength whatever their losses' scale.</para>
/// <para>The paper tunes a weight for each task; here one serves all. Adapters are learned by the recipe's optimizer, at its learning
/// rate. A teacher that knows several of the student's tasks teaches each of them; several teachers of a task have an adapter each,
/// and their terms are averaged.</para>
/// </remarks>
[Method(
    "feature-distillation",
    Survey = "3.5",
    Paper = "Li and Bilen 2020, Knowledge Distillation for Multi-task Learning",
    Arxiv = "2007.06889",
    Summary = "Draws the student's features, seen through a learned adapter a task, to its teachers' features."
)]
public sealed class FeatureDistillation : Distillation
{
    private readonly double weight;
    private Parameter[][] adapters = []; // for each task, one a teacher: [teacher's width, student's width] or [.., .., 1, 1]

    /// <summary>Sets the weight.</summary>
    /// <param name="teachers">The teachers.</param>
    /// <param name="weight">Times the term, which lies from 0 to 4; 0 or more.</param>
    /// <exception cref="ArgumentException">The weight is negative or not finite.</exception>
    public FeatureDistillation(Teachers teachers, double weight = 1)
        : base(teachers)
    {
        this.weight = RequireFactor(weight, nameof(weight));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [.. adapters.SelectMany(ofTask => ofTask)];

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The network or a teacher does not tell what its heads read, or the two cannot be compared.</exception>
    public override void Begin(MultiTaskNetwork network)
    {
        base.Begin(network);
        adapters =
        [
            .. network.Tasks.Select(
                (task, place) => Teachers.Of(task).Select(teacher => Adapter(network, place, teacher)).ToArray()
            ),
        ];
    }

    /// <inheritdoc/>
    protected override Tensor Distil(Tensor loss, int task, IReadOnlyList<Tensor> taught, ForwardResult pass)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(pass);
        var own =
            pass.Outputs.FeaturesOf(task)?.Counted()
            ?? throw new NotSupportedException(
                $"{pass.Network.GetName()} did not tell what the head of task '{pass.Network.Tasks[task].Name}' read; choose another distillation or network."
            );
        var features = Teachers.Features(task, pass);
        var terms = new Tensor[features.Count];
        for (var i = 0; i < terms.Length; i++)
        {
            var adapter = adapters[task][i];
            var seen = adapter.dim() == 2 ? functional.linear(own, adapter) : functional.conv2d(own, adapter);
            terms[i] = Direction(seen)
                .sub(Direction(features[i]!.Counted().to(seen.dtype)))
                .square()
                .sum(dim: 1L)
                .mean();
        }

        var term = terms.Length == 1 ? terms[0] : torch.stack(terms).mean();
        return loss.add(term, alpha: weight);
    }

    /// <summary>Vectors along axis 1 at unit length; one of zeros stays as it is.</summary>
    private static Tensor Direction(Tensor vectors)
    {
        var peak = vectors.detach().abs().amax([1L], keepdim: true); // squares of what is left neither vanish nor overflow
        var scaled = vectors.div(peak.add(peak.eq(0)));
        var squared = scaled.square().sum(1L, keepdim: true);
        return scaled.div(squared.add(squared.eq(0)).sqrt());
    }

    private static Parameter Adapter(MultiTaskNetwork network, int place, Teacher teacher)
    {
        var task = network.Tasks[place];
        var own = SpecOf(network, place, network.GetName());
        var theirs = SpecOf(teacher.Network, teacher.Network.Tasks.IndexOf(task.Name), teacher.Name);
        var places = PlacesOf(own);
        if (own.Layout != theirs.Layout || !places.SequenceEqual(PlacesOf(theirs)))
        {
            throw new NotSupportedException(
                $"For task '{task.Name}' the head reads {own}, but that of the teacher '{teacher.Name}' reads {theirs}; features are compared place by place, so choose encoders of the same layout."
            );
        }

        var like = network.parameters().First();
        var start = torch.empty([theirs.Channels, own.Channels, .. places.Select(_ => 1L)], like.dtype, like.device);
        return (Parameter)new Parameter(init.xavier_normal_(start)).DetachFromDisposeScope();
    }

    /// <summary>The sizes of a row beside its channels; none for a sequence, whose steps are compared as rows.</summary>
    private static IEnumerable<long> PlacesOf(FeatureSpec features) => features.Shape?.Skip(1) ?? [];

    private static FeatureSpec SpecOf(MultiTaskNetwork network, int task, string name) =>
        network.FeatureSpecOf(task)
        ?? throw new NotSupportedException(
            $"'{name}' does not tell what the head of task '{network.Tasks[task].Name}' reads, so there are no features to distil; choose another distillation or network."
        );
}
