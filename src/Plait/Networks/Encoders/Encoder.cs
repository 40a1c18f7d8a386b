using Plait.Catalogue;
using Plait.Data;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Turns inputs into features, stage by stage, so that architectures can join networks between the stages.</summary>
[MethodKind(MethodKind.Encoder)]
public abstract class Encoder : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>[] stages;
    private readonly IReadOnlyList<long>? entrance; // null for sequences
    private ImageNormalisation? normalisation;
    private bool isHooked;

    /// <summary>Composes stages.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="inputShape">The shape of one row of input.</param>
    /// <param name="stages">Each stage and the shape of one row of its output, in order.</param>
    protected Encoder(
        string name,
        IReadOnlyList<long> inputShape,
        params IEnumerable<(Module<Tensor, Tensor> Stage, long[] Shape)> stages
    )
        : base(name)
    {
        var list = stages.ToArray();
        entrance = inputShape;
        StageShapes = [.. list.Select(stage => stage.Shape)];
        Output = FeatureSpec.OfShape(list.Length == 0 ? inputShape : list[^1].Shape);
        this.stages = [.. list.Select(stage => stage.Stage)];
        register_module("stages", new ModuleList<Module<Tensor, Tensor>>(this.stages));
    }

    /// <summary>Composes an encoder without stages: <see cref="Enter"/> gives the features.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="output">The features.</param>
    protected Encoder(string name, FeatureSpec output)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(output);
        (Output, entrance, StageShapes, stages) = (output, output.Shape, [], []);
    }

    /// <summary>The shape of one row of what the first stage takes: of the input, unless <see cref="Enter"/> makes something else of it.</summary>
    /// <exception cref="NotSupportedException">There are no stages, and the features are a sequence.</exception>
    public IReadOnlyList<long> InputShape => entrance ?? throw IsSequence();

    /// <summary>What it reads.</summary>
    public virtual InputSpec Input => InputSpec.OfShape(InputShape);

    /// <summary>The shape of one row after each stage: [width], or [channels, height, width].</summary>
    public IReadOnlyList<IReadOnlyList<long>> StageShapes { get; }

    /// <summary>The stages, in order.</summary>
    public IReadOnlyList<Module<Tensor, Tensor>> Stages => stages;

    /// <summary>What the features are.</summary>
    public FeatureSpec Output { get; }

    /// <summary>The shape of one row of features, for those who read vectors and maps alone.</summary>
    /// <exception cref="NotSupportedException">The features are a sequence; <see cref="Output"/> describes them.</exception>
    public IReadOnlyList<long> OutputShape => Output.Shape ?? throw IsSequence();

    /// <summary>Features a row, flattened.</summary>
    /// <exception cref="NotSupportedException">The features are a sequence.</exception>
    public long OutputWidth => OutputShape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The file that its weights were loaded from by <see cref="EncoderWeights"/>; null where they are random.</summary>
    public string? WeightsFile { get; internal set; }

    /// <summary>What is done to images before the first stage; null for nothing. Encoders made from this one for as many channels do the same.</summary>
    /// <exception cref="NotSupportedException">This encoder reads no images of as many channels, or goes round its first stage.</exception>
    public ImageNormalisation? Normalisation
    {
        get => normalisation;
        set
        {
            if (value is not null && !TakesNormalisation(value))
            {
                throw new NotSupportedException(
                    $"{GetName()} cannot normalise its images by {value.Mean.Count} channels; choose an encoder of images such as resnet18, or leave images {ImageNormalisation.NoneName}."
                );
            }

            if (value is not null && !isHooked)
            {
                isHooked = true;
                stages[0].register_forward_pre_hook((_, input) => Normalise(input));
            }

            normalisation = value;
        }
    }

    /// <summary>A new encoder of the same make: with fresh random parameters, or with this one's where these came from a file.</summary>
    public Encoder Replicate()
    {
        MemoryRoom.Require(parameters().Sum(parameter => parameter.numel()), "Copies of an encoder");
        return StartedAsThis(Another());
    }

    /// <summary>A new encoder of the same make for rows of another shape; its parameters are as those of <see cref="Replicate"/>.</summary>
    /// <param name="inputShape">The shape of one row of input.</param>
    /// <exception cref="NotSupportedException">This make has an input of fixed size, or weights from a file that do not fit the other shape.</exception>
    public Encoder WithInput(IReadOnlyList<long> inputShape) => StartedAsThis(AnotherFor(inputShape));

    /// <summary>A new encoder of the same make whose convolutions with their normalisation are made elsewhere; its parameters are as those of <see cref="Replicate"/>.</summary>
    /// <param name="units">Makes them.</param>
    /// <exception cref="NotSupportedException">This make is no residual network, or these units cannot start from weights of a file.</exception>
    public Encoder WithUnits(ConvolutionUnits units)
    {
        ArgumentNullException.ThrowIfNull(units);
        return StartedAsThis(AnotherOf(units), units);
    }

    /// <summary>A new encoder of the same make with fresh random parameters.</summary>
    protected abstract Encoder Another();

    /// <summary>The same for rows of another shape; refused unless overridden.</summary>
    /// <param name="inputShape">The shape of one row of input.</param>
    /// <exception cref="NotSupportedException">This make has an input of fixed size.</exception>
    protected virtual Encoder AnotherFor(IReadOnlyList<long> inputShape) =>
        throw new NotSupportedException(
            $"{GetName()} cannot be made for another input; choose another encoder, such as mlp."
        );

    /// <summary>Whether <see cref="WithUnits"/> is there: whether this make has residual blocks.</summary>
    public virtual bool TakesUnits => false;

    /// <summary>The same built of other units; refused unless overridden.</summary>
    /// <param name="units">Makes them.</param>
    /// <exception cref="NotSupportedException">This make is no residual network.</exception>
    protected virtual Encoder AnotherOf(ConvolutionUnits units) =>
        throw new NotSupportedException(
            $"{GetName()} has no residual blocks to put something into; choose a residual encoder, such as tiny-resnet or resnet18."
        );

    /// <summary>What one of its parameters or buffers is called in files of weights: by default as here.</summary>
    /// <param name="name">Its name here.</param>
    protected internal virtual string PublicName(string name) => name;

    /// <summary>Whether a tensor in a file of weights belongs to a part that this encoder goes without, such as the classifier.</summary>
    /// <param name="name">Its name in the file.</param>
    protected internal virtual bool IsLeftOut(string name) => false;

    /// <summary>This encoder for the first task, and a replica for each other one.</summary>
    internal IEnumerable<Encoder> OnePerTask(TaskSet tasks) => tasks.Select((_, i) => i == 0 ? this : Replicate());

    /// <summary>All stages, one after the other.</summary>
    public override Tensor forward(Tensor input)
    {
        foreach (var stage in stages)
        {
            input = stage.call(input);
        }

        return input;
    }

    /// <summary>From rows to what the first stage takes: the rows themselves, unless the encoder reads no single tensor of numbers.</summary>
    /// <param name="input">Rows of <see cref="Input"/>.</param>
    /// <returns>[rows, <see cref="InputShape"/>].</returns>
    public virtual Tensor Enter(BatchInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Values;
    }

    /// <summary>All stages, from rows of any kind that it reads, as <see cref="Output"/> says.</summary>
    public Features Features(BatchInput input) => new(Features(Enter(input)), MaskOf(input));

    /// <summary>All stages, from rows of any kind that it reads; as <see cref="FlatFeatures(Tensor)"/>.</summary>
    public Tensor FlatFeatures(BatchInput input) => FlatFeatures(Enter(input));

    /// <summary>All stages, from rows of any kind that it reads, drawn together by <see cref="Networks.Encoders.Features.Pooled"/>: [rows, channels].</summary>
    public Tensor PooledFeatures(BatchInput input) => Features(input).Pooled();

    /// <summary>Which steps of the features count, where they are a sequence: unless overridden those of the input.</summary>
    /// <param name="input">Rows of <see cref="Input"/>.</param>
    /// <returns>Bool [rows, steps]; null where all do.</returns>
    protected virtual Tensor? MaskOf(BatchInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Output.Layout == Layout.Step ? input.Mask : null;
    }

    /// <summary>All stages: [rows, width] or, where the encoder ends in a map, [rows, channels, height, width], as <see cref="Output"/> says.</summary>
    public Tensor Features(Tensor input) => AsFeatures(call(input));

    /// <summary>All stages, with each row of the result laid out flat: [rows, <see cref="OutputWidth"/>].</summary>
    public Tensor FlatFeatures(Tensor input)
    {
        var features = call(input);
        return features.dim() == 2 ? features : features.flatten(1);
    }

    /// <summary>All stages, a map averaged over its pixels: [rows, <see cref="OutputShape"/>[0]].</summary>
    public Tensor PooledFeatures(Tensor input) => new Features(Features(input)).Pooled();

    /// <summary>The maps of different sizes on the way, from the finest to the coarsest: the last one of each size.</summary>
    /// <param name="input">[rows, channels, height, width].</param>
    /// <returns>[rows, channels, height, width] each, of <see cref="ScaleShapes"/>.</returns>
    public virtual Tensor[] Scales(Tensor input) => ScalesAfter(0, input);

    /// <summary><see cref="Scales"/>, before them the finer map within the entrance where there is one: before the max-pooling of a residual network's stem.</summary>
    /// <param name="input">[rows, channels, height, width].</param>
    internal virtual Tensor[] ScalesFromEntrance(Tensor input) => Scales(input);

    /// <summary>The shape of one row of each of <see cref="ScalesFromEntrance"/>.</summary>
    internal virtual IReadOnlyList<IReadOnlyList<long>> ShapesFromEntrance => ScaleShapes;

    /// <summary>The scales from what enters a stage on, none of which is earlier.</summary>
    private protected Tensor[] ScalesAfter(int first, Tensor input)
    {
        var scales = new List<Tensor>();
        foreach (var stage in ScaleStages)
        {
            for (; first <= stage; first++)
            {
                input = stages[first].call(input);
            }

            scales.Add(input);
        }

        return [.. scales];
    }

    /// <summary>The shape of one row of each of <see cref="Scales"/>: [channels, height, width]; none for an encoder without maps.</summary>
    public virtual IReadOnlyList<IReadOnlyList<long>> ScaleShapes =>
        [.. ScaleStages.Select(stage => StageShapes[stage])];

    /// <summary>Stages that only let the input in, such as a residual network's stem: architectures that act stage by stage pass over them.</summary>
    internal virtual int EntranceStages => 0;

    /// <summary>Channels that blocks give over those inside them: 4 for bottlenecks, 1 for all else.</summary>
    internal virtual int Expansion => 1;

    /// <summary>The places where tasks may pick features, in order: one for each stage beyond <see cref="EntranceStages"/>, unless a network says otherwise.</summary>
    internal virtual IReadOnlyList<AttentionSite> Sites =>
        [
            .. StageShapes
                .Skip(EntranceStages)
                .Select(shape => new AttentionSite(shape[0], shape[0], OnMaps: shape.Count == 3)),
        ];

    /// <summary>Early and late features at each of <see cref="Sites"/>; where a stage has no two parts, both are what it gives.</summary>
    /// <param name="input">[rows, ...], as the encoder takes it.</param>
    internal virtual (Tensor Early, Tensor Late)[] Look(Tensor input)
    {
        var seen = new (Tensor Early, Tensor Late)[Sites.Count];
        for (var stage = 0; stage < stages.Length; stage++)
        {
            input = stages[stage].call(input);
            if (stage >= EntranceStages)
            {
                seen[stage - EntranceStages] = (input, input);
            }
        }

        return seen;
    }

    /// <summary>From the late features of the last site to what the encoder gives: what pools, where something does.</summary>
    internal virtual Tensor Close(Tensor late) => AsFeatures(late);

    /// <summary>The result of the last stage as <see cref="Output"/> says; an encoder without stages may have been given rows of any shape.</summary>
    internal Tensor AsFeatures(Tensor output) =>
        Output.Shape is { } shape && output.dim() != shape.Count + 1 ? output.flatten(1) : output;

    /// <summary>Images as <see cref="Normalisation"/> has them; for those who go round the first stage, which else sees to it.</summary>
    internal Tensor Normalise(Tensor input) => normalisation?.Apply(input) ?? input;

    /// <summary>Whether each way through the encoder calls the first stage as a whole, or normalises by itself.</summary>
    internal virtual bool CallsFirstStage => stages.Length > 0;

    /// <summary>Refuses features that are a sequence, for architectures that act stage by stage.</summary>
    /// <exception cref="NotSupportedException">The features are a sequence.</exception>
    internal void RequireShape() => _ = OutputShape;

    private NotSupportedException IsSequence() =>
        new(
            $"{GetName()} gives {Output}, where a vector or a map is needed: choose an architecture that reads sequences (hps, grouped, single-task), or an encoder that ends in a vector, such as bag-of-embeddings."
        );

    private bool TakesNormalisation(ImageNormalisation value) =>
        CallsFirstStage && InputShape.Count == 3 && InputShape[0] == value.Mean.Count;

    private Encoder StartedAsThis(Encoder other, ConvolutionUnits? units = null)
    {
        if (normalisation is not null && other.TakesNormalisation(normalisation))
        {
            other.Normalisation = normalisation;
        }

        if (WeightsFile is not null)
        {
            EncoderWeights.Carry(this, other, units);
        }

        return other;
    }

    private int[] ScaleStages =>
        [
            .. Enumerable
                .Range(0, stages.Length)
                .Where(i =>
                    StageShapes[i].Count == 3
                    && (
                        i == stages.Length - 1
                        || StageShapes[i + 1].Count != 3
                        || !StageShapes[i].Skip(1).SequenceEqual(StageShapes[i + 1].Skip(1))
                    )
                ),
        ];
}

/// <summary>A place in an encoder where tasks may pick features.</summary>
/// <param name="Early">Channels of what the picking looks at.</param>
/// <param name="Late">Channels of what is picked from.</param>
/// <param name="OnMaps">Whether both are maps.</param>
/// <param name="Turns">Whether the way to the next place goes down to a map of half the size and up again: the way down ends here.</param>
internal readonly record struct AttentionSite(long Early, long Late, bool OnMaps, bool Turns = false);
