using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.CrossTalk;

/// <summary>One join of NDDR-CNN: for each task a <see cref="FusedLayer"/> of all tasks' features.</summary>
/// <remarks>Gao et al. 2019: the weights of the same channel of the own and of other tasks start as given, all others at 0.</remarks>
internal sealed class NddrLayer : Module
{
    private readonly ModuleList<FusedLayer> tasks;

    /// <summary>Builds one layer a task.</summary>
    /// <param name="count">How many tasks.</param>
    /// <param name="shape">Of one row of each task's features: [channels, h, w] or [channels].</param>
    /// <param name="weights">What the weights start as.</param>
    public NddrLayer(int count, IReadOnlyList<long> shape, StartingWeights weights)
        : base(nameof(NddrLayer))
    {
        var channels = shape[0];
        tasks = new ModuleList<FusedLayer>([
            .. Enumerable.Range(0, count).Select(_ => new FusedLayer(count * channels, channels, shape.Count == 3)),
        ]);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        for (var task = 0; task < count; task++)
        {
            var shares = torch.full([count, 1, 1], weights.Other, ScalarType.Float32);
            shares.select(0, task).fill_(weights.Own);
            var start = torch.eye(channels).unsqueeze(0).mul(shares); // [from task, from channel, to channel]
            var weight = tasks[task].Weight;
            weight.copy_(start.permute(2, 0, 1).reshape(weight.shape));
        }

        RegisterComponents();
    }

    /// <summary>The layer of a task.</summary>
    public FusedLayer Of(int task) => tasks[task];
}

/// <summary>A 1 x 1 convolution (on vectors a linear layer) without bias, batch normalisation and ReLU.</summary>
internal sealed class FusedLayer : Module<Tensor, Tensor>
{
    private const double Momentum = 0.05; // the paper's code keeps 0.95 of the running statistics at each step

    private readonly Module<Tensor, Tensor> layer;
    private readonly Module<Tensor, Tensor> norm;

    public FusedLayer(long inputs, long outputs, bool onMaps)
        : base(nameof(FusedLayer))
    {
        layer = Pointwise.Layer(inputs, outputs, onMaps, bias: false);
        norm = Pointwise.Norm(outputs, onMaps, Momentum);
        RegisterComponents();
    }

    /// <summary>[outputs, inputs], and 1 x 1 for maps.</summary>
    public Parameter Weight => Pointwise.WeightOf(layer);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => norm.call(layer.call(input)).relu_();
}
