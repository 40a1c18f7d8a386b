using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>One encoder for all tasks, and a decoder in which each dense task learns from what the other dense tasks make of an image.</summary>
/// <remarks>
/// <para>Vandenhende et al. 2021, <i>Multi-Task Learning for Dense Prediction Tasks: A Survey</i>, section 2.3. A task's early predictions
/// are further answers (<see cref="TaskOutputs.AuxiliaryOutputsOf"/>) of the image's size.</para>
/// <para>A task that wants one answer an image pools the encoder's last map and takes no part in the exchange. A loss of one dense task
/// reaches the others' branches, so there is no tensor with everything shared below it and nothing above. With one dense task there
/// is nobody to exchange with, and its decoder is its own.</para>
/// <para>Auxiliary tasks (Xu et al. 2018, PAD-Net: intermediate tasks that help the final ones) are dense tasks that are predicted early
/// only: others learn from their features, they hear of nobody, and have no last head. Their output is their early prediction, which
/// losses and metrics see as any other.</para>
/// </remarks>
public abstract class DistillationNetwork : MultiTaskNetwork
{
    private readonly Encoder encoder;
    private readonly bool readsScales;
    private readonly bool readsEntrance;
    private readonly ModuleList<TaskHead> pooledHeads;
    private readonly int[] densePlaces;
    private readonly int[] positions; // of each task among those of its kind, dense or not
    private readonly int[] mains; // the positions of the dense tasks that are answered for at last

    /// <summary>Puts heads of tasks that are not dense on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">The shared part, now owned by this network.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="readsScales">Whether decoders read all of the encoder's maps (<see cref="Encoder.Scales"/>), or its features alone.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="auxiliary">The names of dense tasks that are predicted early only; none when null.</param>
    /// <param name="readsEntrance">Whether the scales begin with the finer map within the encoder's entrance, where there is one.</param>
    /// <exception cref="NotSupportedException">The encoder ends in a vector.</exception>
    /// <exception cref="ArgumentException">An auxiliary task is not there or not dense, or no dense task is left to help.</exception>
    protected DistillationNetwork(
        TaskSet tasks,
        Encoder encoder,
        string name,
        bool readsScales,
        int[]? headWidths,
        string[]? auxiliary = null,
        bool readsEntrance = false
    )
        : base(tasks, name)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        if (encoder.OutputShape.Count != 3)
        {
            throw new NotSupportedException(
                $"{name} exchanges maps between tasks, and {encoder.GetName()} ends in a vector; choose an encoder that ends in a map, such as tiny-resnet or resnet18:pool=false."
            );
        }

        this.encoder = encoder;
        this.readsScales = readsScales;
        this.readsEntrance = readsEntrance;
        MapShapes =
            readsEntrance ? encoder.ShapesFromEntrance
            : readsScales ? encoder.ScaleShapes
            : [encoder.OutputShape];
        densePlaces = [.. Enumerable.Range(0, tasks.Count).Where(place => tasks[place].Output.IsDense)];
        DenseTasks = [.. densePlaces.Select(place => tasks[place])];
        mains = AuxiliaryTasks.MainsOf(tasks, auxiliary ?? []);
        positions =
        [
            .. tasks.Select(
                (task, place) => tasks.Take(place).Count(before => before.Output.IsDense == task.Output.IsDense)
            ),
        ];
        pooledHeads = new ModuleList<TaskHead>([
            .. tasks
                .Where(task => !task.Output.IsDense)
                .Select(task => Head.For(task, FeatureSpec.OfShape(MapShapes[^1]), encoder.InputShape, headWidths)),
        ]);
        register_module(nameof(encoder), encoder);
        register_module(nameof(pooledHeads), pooledHeads);
    }

    /// <summary>The maps that decoders read, from the finest to the coarsest: [channels, height, width] each.</summary>
    protected IReadOnlyList<IReadOnlyList<long>> MapShapes { get; }

    /// <summary>The dense tasks, in their order; decoders know a task by its position here.</summary>
    protected IReadOnlyList<LearningTask> DenseTasks { get; }

    /// <summary>The positions of the dense tasks that have a last head, rising: all but the auxiliary ones.</summary>
    protected IReadOnlyList<int> MainPositions => mains;

    /// <summary>Whether the dense task at this position is predicted early only.</summary>
    protected bool IsAuxiliary(int position) => !mains.Contains(position);

    /// <summary>The place among <see cref="MainPositions"/> of the dense task at this position.</summary>
    protected int MainPlaceOf(int position) => Array.IndexOf(mains, position);

    /// <summary>Whether nobody but the dense task at this position is answered for at last, so that what it alone makes serves nobody else.</summary>
    protected bool IsOnlyMain(int position) => mains.Length == 1 && mains[0] == position;

    /// <summary>Rows of pixels of an image.</summary>
    protected long Height => encoder.InputShape[1];

    /// <summary>Pixels in a row of an image.</summary>
    protected long Width => encoder.InputShape[2];

    /// <summary>The shape of one row of what the last head of a dense task reads: [channels, height, width].</summary>
    protected abstract IReadOnlyList<long> DenseFeatureShape { get; }

    /// <summary>The shape of one row of what the output of an auxiliary task is predicted from: [channels, height, width].</summary>
    protected virtual IReadOnlyList<long> AuxiliaryFeatureShape => DenseFeatureShape;

    /// <inheritdoc/>
    /// <remarks>All parameters that no task owns.</remarks>
    public sealed override IEnumerable<Parameter> SharedParameters =>
        Without(Enumerable.Range(0, Tasks.Count).SelectMany(ParametersOf));

    /// <inheritdoc/>
    public sealed override IEnumerable<Parameter> ParametersOf(int task) =>
        !Tasks[task].Output.IsDense ? pooledHeads[positions[task]].parameters()
        : DenseTasks.Count > 1 ? DecoderParametersOf(positions[task])
        : Without(encoder.parameters().Concat(pooledHeads.parameters()));

    /// <inheritdoc/>
    /// <remarks>The last weights of the encoder, since losses of tasks that are not dense reach nothing above it.</remarks>
    public sealed override IReadOnlyList<Parameter> LastSharedLayer =>
        encoder.parameters().LastOrDefault(parameter => parameter.requires_grad && parameter.dim() >= 2) is { } last
            ? [last]
            : [];

    /// <inheritdoc/>
    public sealed override FeatureSpec FeatureSpecOf(int task) =>
        FeatureSpec.OfShape(
            !Tasks[task].Output.IsDense ? MapShapes[^1]
            : IsAuxiliary(positions[task]) ? AuxiliaryFeatureShape
            : DenseFeatureShape
        );

    /// <inheritdoc/>
    public sealed override Encoder? EncoderOf(int task) => Tasks[task].Output.IsDense || readsScales ? null : encoder;

    /// <inheritdoc/>
    protected sealed override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(outputs);
        IReadOnlyList<Tensor> maps =
            readsEntrance ? encoder.ScalesFromEntrance(encoder.Enter(input))
            : readsScales ? encoder.Scales(encoder.Enter(input))
            : [encoder.Features(input).Values];
        var receivers = new List<int>();
        foreach (var place in tasks.Indices)
        {
            if (Tasks[place].Output.IsDense)
            {
                receivers.Add(positions[place]);
                continue;
            }

            outputs.SetFeatures(place, maps[^1]);
            outputs[place] = pooledHeads[positions[place]].call(maps[^1]);
        }

        if (receivers.Count > 0)
        {
            Decode(maps, receivers, outputs);
        }
    }

    /// <summary>Parameters of the decoder that the loss of the dense task at this position alone touches, where there are two such tasks or more.</summary>
    protected abstract IEnumerable<Parameter> DecoderParametersOf(int position);

    /// <summary>Answers for some dense tasks, by <see cref="AnswerEarly"/> and <see cref="AnswerLast"/>.</summary>
    /// <param name="maps">Of <see cref="MapShapes"/>.</param>
    /// <param name="receivers">The positions of the tasks to answer for, rising; one or more.</param>
    /// <param name="outputs">Takes the answers.</param>
    protected abstract void Decode(IReadOnlyList<Tensor> maps, IReadOnlyList<int> receivers, TaskOutputs outputs);

    /// <summary>A task's early prediction, brought to the image's size.</summary>
    /// <param name="outputs">Takes the answer.</param>
    /// <param name="position">The task's position among the dense ones.</param>
    /// <param name="prediction">[rows, outputs, h, w].</param>
    protected void AnswerEarly(TaskOutputs outputs, int position, Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        outputs.AddAuxiliary(densePlaces[position], Enlargement.Resize(prediction, Height, Width));
    }

    /// <summary>An auxiliary task's output: its last early prediction, brought to the image's size.</summary>
    /// <param name="outputs">Takes the answer.</param>
    /// <param name="position">The task's position among the dense ones.</param>
    /// <param name="prediction">[rows, outputs, h, w].</param>
    /// <param name="features">What it was made of, of <see cref="AuxiliaryFeatureShape"/>.</param>
    protected void AnswerEarlyOnly(TaskOutputs outputs, int position, Tensor prediction, Tensor features)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        outputs.SetFeatures(densePlaces[position], features);
        outputs[densePlaces[position]] = Enlargement.Resize(prediction, Height, Width);
    }

    /// <summary>A task's output.</summary>
    /// <param name="outputs">Takes the answer.</param>
    /// <param name="position">The task's position among the dense ones.</param>
    /// <param name="head">Answers.</param>
    /// <param name="features">What it reads, of <see cref="DenseFeatureShape"/>.</param>
    protected void AnswerLast(TaskOutputs outputs, int position, Module<Tensor, Tensor> head, Tensor features)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(head);
        outputs.SetFeatures(densePlaces[position], features);
        outputs[densePlaces[position]] = head.call(features);
    }

    /// <summary>The last head of each dense task but the auxiliary ones.</summary>
    /// <param name="head">What it is like.</param>
    protected ModuleList<Module<Tensor, Tensor>> LastHeads(DenseHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return new([
            .. mains.Select(position =>
                head.Build(DenseTasks[position].Output.Channels, DenseFeatureShape, Height, Width)
            ),
        ]);
    }

    /// <summary>The last head of each dense task but the auxiliary ones: what was asked for, or the paper's layers and an enlargement to the image's size.</summary>
    /// <param name="head">What was asked for; null for the paper's.</param>
    /// <param name="layers">The paper's layers for a number of outputs.</param>
    protected ModuleList<Module<Tensor, Tensor>> LastHeads(
        DenseHead? head,
        Func<int, IEnumerable<Module<Tensor, Tensor>>> layers
    ) =>
        head is null
            ? new([
                .. mains.Select(position =>
                    Sequential([.. layers(DenseTasks[position].Output.Channels), new Enlargement(Height, Width)])
                ),
            ])
            : LastHeads(head);

    /// <summary>A 1 x 1 convolution to each dense task's outputs, at the size of what it reads.</summary>
    /// <param name="channels">Channels that it reads.</param>
    protected ModuleList<Module<Tensor, Tensor>> Predictions(long channels) =>
        new([.. DenseTasks.Select(task => Conv2d(channels, task.Output.Channels, 1))]);

    private IEnumerable<Parameter> Without(IEnumerable<Parameter> others)
    {
        var known = new HashSet<Parameter>(others, ReferenceEqualityComparer.Instance);
        return parameters().Where(parameter => !known.Contains(parameter));
    }
}
