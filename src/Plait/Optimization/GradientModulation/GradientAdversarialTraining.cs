using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Optimization.GradientModulation;

/// <summary>Scales each task's gradient by the shared features, channel by channel, so that nobody can tell which task it comes from.</summary>
/// <remarks>
/// <para>Sinha et al. 2018, <i>Gradient Adversarial Training of Neural Networks</i>, section 3.3: a discriminator learns to tell the tasks'
/// gradients apart, and one vector of scales a task (the gradient alignment layer, which acts on the way back alone)
/// learns to make it fail. Scales start at 1, and the trunk receives the sum of the scaled gradients.</para>
/// <para>Both learn with the recipe's optimizer. The discriminator sees gradients divided by their common root mean square, which
/// tells it as much and leaves it indifferent to the losses' unit; on maps, a channel has one scale for all places.</para>
/// </remarks>
[Method(
    "great",
    Survey = "3.4",
    Paper = "Sinha et al. 2018, Gradient Adversarial Training of Neural Networks",
    Arxiv = "1806.08028",
    Summary = "Learned scales of the task gradients that an adversary cannot tell the tasks by."
)]
public sealed class GradientAdversarialTraining : GradientAggregator
{
    // Between these, single precision has digits enough for the unit to be taken out of the weights instead of the gradients.
    private const double SmallestUnit = 1e-12;
    private const double LargestUnit = 1e12;

    private readonly double weight;
    private readonly int width;
    private TaskDiscriminator? discriminator;
    private Parameter? scales; // [tasks of the set, channels]

    /// <summary>Sets the options.</summary>
    /// <param name="weight">How many times the discriminator's gradient the scales take, turned round, 0 or more; 1 unless said.</param>
    /// <param name="width">The discriminator's hidden width, 1 or more; 64 unless said. The paper leaves both open.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public GradientAdversarialTraining(double weight = 1, int width = 64)
    {
        if (!double.IsFinite(weight) || weight < 0)
        {
            throw new ArgumentException($"weight is a finite number of 0 or more; got {weight}.", nameof(weight));
        }

        if (width < 1)
        {
            throw new ArgumentException($"width is 1 or more; got {width}.", nameof(width));
        }

        this.weight = weight;
        this.width = width;
    }

    /// <inheritdoc/>
    public override GradientLocation Location => GradientLocation.Representation;

    /// <inheritdoc/>
    public override bool ReadsRepresentation => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => scales is null ? [] : [scales, .. discriminator!.Parameters];

    /// <summary>How much of each task's gradient passes, [tasks, channels]; null before a run.</summary>
    public Tensor? Scales => scales;

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        base.Begin(network);
        if (network.FeatureSpecOf(0)?.Layout == Layout.Step)
        {
            throw new NotSupportedException(
                "great measures gradients over all places of the features, and those of sequences are of different numbers: choose an encoder that ends in a vector or a map, or another aggregator, such as pcgrad."
            );
        }

        discriminator = new TaskDiscriminator(network, "great", width);
        var like = network.parameters().First();
        var ones = torch.ones([network.Tasks.Count, network.RepresentationChannels], like.dtype, like.device);
        scales = (Parameter)new Parameter(ones).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (discriminator is null || scales is null)
        {
            throw new InvalidOperationException(
                "great learns with a network: train with Trainer, or call Begin with the network first."
            );
        }

        using var scope = torch.NewDisposeScope();
        var found = gradients.AtRepresentation()[0];
        var unit = RootMeanSquare(found, gradients);
        var update = torch.zeros_like(gradients.Graph.Representation.Values[0]);
        var entered = new List<Tensor>(found.Length);
        var labels = new List<Tensor>(found.Length);
        for (var i = 0; i < found.Length; i++)
        {
            var task = gradients.Tasks.Indices[i];
            if (found[i] is { } own && AddScaled(own, task, update) is { } telling && unit > 0)
            {
                entered.Add(Enter(telling, task, unit));
                labels.Add(torch.full([telling.size(0)], task, ScalarType.Int64, own.device));
            }
        }

        if (entered.Count > 0)
        {
            var logits = discriminator.TellFrom(torch.cat(entered));
            torch.nn.functional.cross_entropy(logits, torch.cat(labels)).backward();
        }

        return gradients.Backpropagate(update.flatten());
    }

    /// <summary>Adds a task's gradient, scaled, to the update.</summary>
    /// <returns>The places where it is not zero, which alone say something of the task, [places, channels]; null where there is none.</returns>
    private Tensor? AddScaled(Tensor own, int task, Tensor update)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var scaled = own.mul(scales!.select(0, task).view([-1, .. Enumerable.Repeat(1L, (int)own.dim() - 2)]));
        update.add_(scaled);
        var telling = TaskDiscriminator.Places(scaled).ne(0).any(1);
        var places = TaskDiscriminator.Places(own);
        if (!telling.all().item<bool>())
        {
            var some = telling.nonzero().flatten();
            return some.numel() == 0 ? null : places.index_select(0, some).MoveToOuterDisposeScope();
        }

        return ReferenceEquals(places, own) ? own : places.MoveToOuterDisposeScope();
    }

    /// <summary>What the discriminator's first layer makes of a task's scaled gradient, whose scales learn to mislead it.</summary>
    private Tensor Enter(Tensor places, int task, double unit)
    {
        var reversed = TaskDiscriminator.Reverse(scales!.select(0, task), weight);
        return unit is >= SmallestUnit and <= LargestUnit
            ? discriminator!.Enter(places, reversed.div(unit))
            : discriminator!.Enter(places.div(unit), reversed);
    }

    private static double RootMeanSquare(Tensor?[] found, TaskGradients gradients)
    {
        var sum = found.Sum(own => InnerProducts.Of([own])[0]);
        if (!double.IsFinite(sum))
        {
            FiniteRows.Require(found, gradients.Tasks);
        }

        return Math.Sqrt(sum / found.Length / gradients.Graph.Representation.Values[0].numel());
    }
}
