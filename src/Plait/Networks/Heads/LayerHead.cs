using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Heads;

/// <summary>Layers that know of no mask as a head.</summary>
/// <remarks>Parameters and buffers have the names that they have in the layers, so files do not change.</remarks>
internal class LayerHead : TaskHead
{
    private readonly Module<Tensor, Tensor> layers;

    /// <summary>Takes layers over.</summary>
    public LayerHead(Module<Tensor, Tensor> layers)
        : base(nameof(LayerHead))
    {
        this.layers = layers;
        register_module(nameof(layers), layers);
    }

    /// <inheritdoc/>
    public sealed override Tensor forward(Features features) => Leave(layers.call(Enter(features)));

    /// <summary>What the layers read.</summary>
    protected virtual Tensor Enter(Features features) => features.Values;

    /// <summary>The output, from what the layers gave.</summary>
    protected virtual Tensor Leave(Tensor output) => output;

    /// <inheritdoc/>
    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
        recurse ? layers.named_parameters() : [];

    /// <inheritdoc/>
    public override IEnumerable<(string name, Tensor buffer)> named_buffers(
        bool recurse = true,
        bool include_nonpersistent = true
    ) => recurse ? layers.named_buffers(recurse, include_nonpersistent) : [];

    /// <inheritdoc/>
    public override Dictionary<string, Tensor> state_dict(
        Dictionary<string, Tensor>? destination = null,
        string? prefix = null
    ) => layers.state_dict(destination, prefix);

    /// <inheritdoc/>
    public override Parameter? get_parameter(string target) => layers.get_parameter(target);
}

/// <summary>Layers on the mean of the steps that count.</summary>
internal sealed class PooledHead(Module<Tensor, Tensor> layers) : LayerHead(layers)
{
    /// <inheritdoc/>
    protected override Tensor Enter(Features features) => features.Pooled();
}

/// <summary>Layers at each step, [rows, channels, steps] to [rows, outputs, steps]. What they say of steps that do not count means nothing.</summary>
internal sealed class StepHead(Module<Tensor, Tensor> layers) : LayerHead(layers)
{
    /// <inheritdoc/>
    protected override Tensor Enter(Features features) => features.Values.transpose(1, 2);

    /// <inheritdoc/>
    protected override Tensor Leave(Tensor output) => output.transpose(1, 2);
}
