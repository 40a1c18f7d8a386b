using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>From one map to four streams of different scales: part by part one more stream, with exchanges between all of them.</summary>
/// <remarks>Wang et al. 2020, sections 3.1 and 3.2.</remarks>
internal sealed class ParallelStreams : Module<Tensor, Tensor>
{
    private readonly ModuleList<Module<Tensor[], Tensor[]>> parts;

    public ParallelStreams(long inputs, HrNetDesign design)
        : base(nameof(ParallelStreams))
    {
        var before = new[] { inputs };
        parts = new ModuleList<Module<Tensor[], Tensor[]>>();
        foreach (var modules in design.Modules)
        {
            var channels = design.Channels(before.Length + 1);
            parts.append(new StreamPart(before, channels, modules, design));
            before = channels;
        }

        RegisterComponents();
    }

    /// <summary>The maps of all streams, from fine to coarse.</summary>
    /// <param name="input">[rows, channels, height, width].</param>
    public Tensor[] Scales(Tensor input) => parts.Aggregate(new[] { input }, (streams, part) => part.call(streams));

    /// <summary>All streams enlarged to the finest and laid one on the other: [rows, sum of channels, height, width].</summary>
    public override Tensor forward(Tensor input)
    {
        var scales = Scales(input);
        var (height, width) = (scales[0].size(2), scales[0].size(3));
        return torch.cat([.. scales.Select(scale => Enlargement.Resize(scale, height, width))], 1);
    }
}

/// <summary>Adds the next coarser stream, and lets all streams work and exchange.</summary>
internal sealed class StreamPart : Module<Tensor[], Tensor[]>
{
    private readonly ModuleList<Module<Tensor, Tensor>> transitions;
    private readonly ModuleList<Module<Tensor[], Tensor[]>> exchanges;

    public StreamPart(long[] before, long[] channels, int modules, HrNetDesign design)
        : base(nameof(StreamPart))
    {
        transitions = new ModuleList<Module<Tensor, Tensor>>([
            .. channels.Select(
                (outputs, i) =>
                    i == before.Length ? Enter(before[^1], outputs, stride: 2)
                    : before[i] == outputs ? Identity()
                    : Enter(before[i], outputs, stride: 1)
            ),
        ]);
        exchanges = new ModuleList<Module<Tensor[], Tensor[]>>([
            .. Enumerable.Range(0, modules).Select(_ => new StreamExchange(channels, design.Blocks, design.Units)),
        ]);
        RegisterComponents();

        Module<Tensor, Tensor> Enter(long inputs, long outputs, int stride) =>
            Sequential(design.Units.Unit(new(inputs, outputs, 3, stride, Role: ConvolutionRole.Exchange)), ReLU());
    }

    /// <summary>Some streams, from fine to coarse, to one more of them.</summary>
    public override Tensor[] forward(Tensor[] streams)
    {
        Tensor[] entered =
        [
            .. transitions.Select((transition, i) => transition.call(streams[Math.Min(i, streams.Length - 1)])),
        ];
        return exchanges.Aggregate(entered, (state, exchange) => exchange.call(state));
    }
}

/// <summary>Blocks in every stream, after which each stream becomes the sum of all streams, brought to its scale.</summary>
/// <remarks>
/// Wang et al. 2020, section 3.2, figure 3: from fine to coarse by 3 x 3 convolutions of stride 2, one a scale; from coarse to fine by a
/// 1 x 1 convolution and enlargement.
/// </remarks>
internal sealed class StreamExchange : Module<Tensor[], Tensor[]>
{
    private readonly ModuleList<Module<Tensor, Tensor>> branches;
    private readonly ModuleList<ModuleList<Module<Tensor, Tensor>>> fuses;

    public StreamExchange(long[] channels, int blocks, ConvolutionUnits units)
        : base(nameof(StreamExchange))
    {
        branches = new ModuleList<Module<Tensor, Tensor>>([
            .. channels.Select(width =>
                Sequential(Enumerable.Range(0, blocks).Select(_ => new BasicBlock(width, width, units: units)))
            ),
        ]);
        fuses = new ModuleList<ModuleList<Module<Tensor, Tensor>>>([
            .. channels.Select(
                (_, to) => new ModuleList<Module<Tensor, Tensor>>([.. channels.Select((_, from) => Fuse(from, to))])
            ),
        ]);
        RegisterComponents();

        Module<Tensor, Tensor> Fuse(int from, int to) =>
            from == to ? Identity()
            : from > to ? Unit(channels[from], channels[to], 1, 1)
            : Sequential([
                .. Enumerable
                    .Range(from + 1, to - from - 1)
                    .Select(_ => Sequential(Unit(channels[from], channels[from], 3, 2), ReLU())),
                Unit(channels[from], channels[to], 3, 2),
            ]);

        Module<Tensor, Tensor> Unit(long inputs, long outputs, int window, int stride) =>
            units.Unit(new(inputs, outputs, window, stride, Role: ConvolutionRole.Exchange));
    }

    /// <summary>Streams, from fine to coarse, to streams of the same shapes.</summary>
    public override Tensor[] forward(Tensor[] streams)
    {
        Tensor[] worked = [.. branches.Select((branch, i) => branch.call(streams[i]))];
        return
        [
            .. worked.Select(
                (own, to) =>
                    worked
                        .Select((_, from) => from == to ? own : Brought(from, to))
                        .Aggregate((sum, part) => sum + part)
                        .relu_()
            ),
        ];

        Tensor Brought(int from, int to) =>
            Enlargement.Resize(fuses[to][from].call(worked[from]), worked[to].size(2), worked[to].size(3));
    }
}
