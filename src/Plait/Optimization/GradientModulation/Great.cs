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
public sealed class Great : GradientAggregator
{
    private readonly double weight;
    private readonly int width;
    private TaskDiscriminator? discriminator;
    private Parameter? scales; // [tasks of the set, channels]

    /// <summary>Sets the options.</summary>
    /// <param name="weight">How many times the discriminator's gradient the scales take, turned round, 0 or more; 1 unless said.</param>
    /// <param name="width">The discriminator's hidden width, 1 or more; 64 unless said. The paper leaves both open.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Great(double weight = 1, int width = 64)
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
    public override GradientPlace Place => GradientPlace.Representation;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => scales is null ? [] : [scales, .. discriminator!.Parameters];

    /// <summary>How much of each task's gradient passes, [tasks, channels]; null before a run.</summary>
    public Tensor? Scales => scales;

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        base.Begin(network);
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
        var rows = gradients.RowsAt(GradientPlace.Representation);
        FiniteRows.Require(rows, gradients.Tasks);
        long[] shape = gradients.Representation!.Values[0].shape;
        long[] perChannel = [1, shape[1], .. Enumerable.Repeat(1L, shape.Length - 2)];
        var scaled = new Tensor[gradients.Count];
        var places = new Tensor[gradients.Count];
        var labels = new Tensor[gradients.Count];
        for (var i = 0; i < scaled.Length; i++)
        {
            var task = gradients.Tasks.Indices[i];
            scaled[i] = rows.select(0, i).view(shape).mul(scales.select(0, task).view(perChannel));
            places[i] = TaskDiscriminator.Places(scaled[i]);
            labels[i] = torch.full([places[i].size(0)], task, ScalarType.Int64, rows.device);
        }

        Learn(torch.cat(places), torch.cat(labels), RootMeanSquare(rows));
        return gradients.Backpropagate(torch.stack(scaled).detach().sum(dim: 0L).flatten());
    }

    /// <summary>Leaves the gradients of discriminator and scales at their places.</summary>
    private void Learn(Tensor places, Tensor labels, double unit)
    {
        if (unit > 0)
        {
            discriminator!.CrossEntropy(TaskDiscriminator.Reverse(places.div(unit), weight), labels)?.backward();
        }
    }

    private static double RootMeanSquare(Tensor rows)
    {
        using var scope = torch.NewDisposeScope();
        return rows.to(ScalarType.Float64).square().mean().sqrt().item<double>();
    }
}
