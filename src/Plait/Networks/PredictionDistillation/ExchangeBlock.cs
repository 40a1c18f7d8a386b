using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>One task's features and what all other tasks say to it, projected together and added.</summary>
/// <remarks>Lopes et al. 2023, section 3.2 (multi-task exchange block), fusion by addition.</remarks>
internal sealed class ExchangeBlock : Module
{
    private readonly ModuleList<CrossTaskMessage> messages;
    private readonly Module<Tensor, Tensor> projection;
    private readonly int target;

    /// <summary>Builds one message from each other task, of two tasks or more.</summary>
    public ExchangeBlock(int tasks, int target, long channels, int downscale, CrossTaskAttention attention)
        : base(nameof(ExchangeBlock))
    {
        this.target = target;
        messages = new ModuleList<CrossTaskMessage>([
            .. Enumerable.Range(0, tasks - 1).Select(_ => new CrossTaskMessage(channels, downscale, attention)),
        ]);
        projection = Sequential(ConvolutionUnits.Plain.Unit(new((tasks - 1) * channels, channels, 1)), ReLU());
        RegisterComponents();
    }

    /// <summary>The receiver's features after the exchange.</summary>
    /// <param name="features">One map a task, all of one shape.</param>
    public Tensor Receive(IReadOnlyList<Tensor> features)
    {
        using var scope = torch.NewDisposeScope();
        var own = features[target];
        Tensor[] said =
        [
            .. features
                .Where((_, source) => source != target)
                .Select((source, message) => messages[message].Say(source, own)),
        ];
        return own.add(projection.call(torch.cat(said, 1))).MoveToOuterDisposeScope();
    }
}
