using Plait.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Optimization.GradientModulation;

/// <summary>Tells from the gradient at one place of the shared representation which task it comes from.</summary>
/// <remarks>Two linear layers with ReLU between them on the channels of each place: for maps, two convolutions of 1 x 1.</remarks>
internal sealed class TaskDiscriminator
{
    private readonly Parameter[] parameters; // weight and bias of each layer

    /// <summary>A discriminator of fresh random parameters, of the type and on the device of a network.</summary>
    /// <param name="network">Its representation is what the gradients are taken by.</param>
    /// <param name="method">The method that wants it, for the error.</param>
    /// <param name="width">Hidden width; that of the representation when null.</param>
    /// <param name="orFeatures">Whether what the heads read will do, where there is no shared representation.</param>
    /// <exception cref="NotSupportedException">The network has no shared representation that is one tensor, nor what will do.</exception>
    public TaskDiscriminator(MultiTaskNetwork network, string method, int? width = null, bool orFeatures = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        var channels =
            network.HasSharedRepresentation ? network.RepresentationChannels
            : orFeatures ? ChannelsOfFeatures(network)
            : 0;
        if (channels == 0)
        {
            throw new NotSupportedException(
                $"{method} compares gradients by one shared representation, and {network.GetName()} has none: train hard parameter sharing (hps) with it{(orFeatures ? ", or astmt" : "")}."
            );
        }

        var like = network.parameters().First();
        var hidden = width ?? channels;
        parameters =
        [
            .. Linear(channels, hidden, device: like.device, dtype: like.dtype).parameters(),
            .. Linear(hidden, network.Tasks.Count, device: like.device, dtype: like.dtype).parameters(),
        ];
    }

    /// <summary>What it learns.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>One logit a task, [places, tasks].</summary>
    /// <param name="gradients">[places, channels].</param>
    public Tensor Tell(Tensor gradients) => TellFrom(Enter(gradients));

    /// <summary>The first layer, [places, width].</summary>
    /// <param name="gradients">[places, channels].</param>
    /// <param name="scales">How many times each channel is to be taken, [channels]; in the weights that costs less than in the places.</param>
    public Tensor Enter(Tensor gradients, Tensor? scales = null) =>
        functional.linear(gradients, scales is null ? parameters[0] : parameters[0].mul(scales), parameters[1]);

    /// <summary>One logit a task, from what <see cref="Enter"/> gave.</summary>
    /// <param name="entered">[places, width].</param>
    public Tensor TellFrom(Tensor entered) => functional.linear(entered.relu(), parameters[2], parameters[3]);

    /// <summary>The mean cross-entropy over the places whose gradient is not zero, which alone say something of a task.</summary>
    /// <param name="gradients">[places, channels].</param>
    /// <param name="tasks">The task of each place, [places].</param>
    /// <returns>A scalar; null where all gradients are zero.</returns>
    public Tensor? CrossEntropy(Tensor gradients, Tensor tasks)
    {
        var telling = gradients.detach().abs().amax(1).gt(0).nonzero().flatten();
        return telling.numel() == 0
            ? null
            : functional.cross_entropy(Tell(gradients.index_select(0, telling)), tasks.index_select(0, telling));
    }

    /// <summary>[rows, channels] as it is, and [rows, channels, ...] as [places, channels]; those behind the end of a row have no gradient.</summary>
    public static Tensor Places(Tensor gradient) =>
        gradient.dim() == 2 ? gradient : gradient.movedim([1], [gradient.dim() - 1]).reshape(-1, gradient.size(1));

    /// <summary>The channels of what all heads read; 0 where they read different widths, or do not tell.</summary>
    private static long ChannelsOfFeatures(MultiTaskNetwork network)
    {
        var channels = network
            .Tasks.Select((_, task) => network.FeatureSpecOf(task)?.Channels ?? 0)
            .Distinct()
            .ToArray();
        return channels.Length == 1 ? channels[0] : 0;
    }

    /// <summary>A value whose gradient is turned round.</summary>
    /// <remarks>Ganin and Lempitsky 2015, <i>Unsupervised Domain Adaptation by Backpropagation</i>, equation 5.</remarks>
    /// <param name="value">The value.</param>
    /// <param name="strength">How many times the gradient arrives below, with the opposite sign.</param>
    public static Tensor Reverse(Tensor value, double strength) =>
        value.detach().mul(1 + strength).sub(value.mul(strength));
}
