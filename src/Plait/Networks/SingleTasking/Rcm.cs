using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SingleTasking;

/// <summary>One frozen bank of filters, of which each task makes its own; tasks can be added to a trained network without a trace in the others.</summary>
/// <remarks>
/// <para>Kanakis et al. 2020, <i>Reparameterizing Convolutions for Incremental Multi-Task Learning without Task Interference</i>: each convolution of
/// the encoder becomes W_t W_s, with a frozen bank W_s, a matrix W_t (a 1 x 1 convolution) of the task's own and its own normalisation. The
/// projections of shortcuts are the task's own, as in the authors' code. Tasks share nothing that learns, so none can hurt another.</para>
/// <para>The bank is what the given encoder has learned. <see cref="FromTrained"/> also turns it towards the principal components of its
/// responses to images (section 3.2), which needs an encoder worth keeping. Made by its name alone the bank is random and stays so: the
/// matrices still learn, as they would on any random features. One pass a task.</para>
/// </remarks>
[Method(
    "rcm",
    Survey = "2.1",
    Paper = "Kanakis et al. 2020, Reparameterizing Convolutions for Incremental Multi-Task Learning without Task Interference",
    Arxiv = "2007.12540",
    Summary = "Frozen filters of a residual encoder that each task recombines for itself; tasks can be added later."
)]
public sealed class Rcm : TaskConditionalNetwork
{
    private const int RowsAtOnce = 32; // of the images whose responses are looked at

    private readonly bool normalizedFusion;
    private readonly int[]? headWidths;
    private readonly DenseHead? head;
    private readonly int frozen; // so many tasks, from the first on, stay as they are

    /// <summary>Takes an encoder's filters for the bank, and puts a head a task on them.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">A residual encoder, copied with what it has learned.</param>
    /// <param name="normalizedFusion">Whether each row of W_t learns its direction and its length apart (section 3.3).</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="NotSupportedException">The encoder is no residual network.</exception>
    public Rcm(
        TaskSet tasks,
        Encoder encoder,
        bool normalizedFusion = true,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : this(
            tasks,
            turn => new Units(turn, tasks.Count, normalizedFusion).Rebuild(encoder),
            normalizedFusion,
            headWidths,
            head
        ) { }

    private Rcm(
        TaskSet tasks,
        Func<TaskSwitch, Encoder> build,
        bool normalizedFusion,
        int[]? headWidths,
        DenseHead? head,
        TaskSwitch? turn = null,
        int frozen = 0
    )
        : base(tasks, nameof(Rcm), turn ??= new TaskSwitch(), build(turn), [], headWidths, head)
    {
        this.normalizedFusion = normalizedFusion;
        this.headWidths = headWidths;
        this.head = head;
        this.frozen = frozen;
    }

    /// <summary>A network of a trained encoder's filters, each layer's turned towards the principal components of its responses.</summary>
    /// <remarks>For every task it starts as the same function of the image that the trained encoder is, to the last digits.</remarks>
    /// <param name="tasks">The tasks.</param>
    /// <param name="trained">A residual encoder, copied; it stays as it is.</param>
    /// <param name="images">What the responses are taken to, [rows, channels, height, width]; some hundred suffice.</param>
    /// <param name="normalizedFusion">Whether each row of W_t learns its direction and its length apart.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="NotSupportedException">The encoder is no residual network.</exception>
    /// <exception cref="ArgumentException">The images are not of the shape that the encoder reads, or there is none.</exception>
    public static Rcm FromTrained(
        TaskSet tasks,
        Encoder trained,
        Tensor images,
        bool normalizedFusion = true,
        int[]? headWidths = null,
        DenseHead? head = null
    )
    {
        ArgumentNullException.ThrowIfNull(trained);
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 4 || images.size(0) == 0 || !images.shape.Skip(1).SequenceEqual(trained.InputShape))
        {
            throw new ArgumentException(
                $"The encoder reads images [rows, {string.Join(", ", trained.InputShape)}], and of those one row at least is needed; got [{string.Join(", ", images.shape)}].",
                nameof(images)
            );
        }

        var network = new Rcm(tasks, trained, normalizedFusion, headWidths, head);
        network.Initialize(images);
        return network;
    }

    /// <summary>A network of these tasks and one more, which takes over everything that this one has learned.</summary>
    /// <remarks>
    /// The new task starts from the encoder that the bank was taken from, with a fresh random head. Outputs of the others are the same bits
    /// as before, and stay so whatever the new task learns. Frozen, the others are safe from weight decay and momentum as well, and
    /// their normalisations from further images; this network stays as it is.
    /// </remarks>
    /// <param name="task">The task to add.</param>
    /// <param name="freezesOthers">Whether the other tasks' parameters and statistics stay as they are.</param>
    /// <exception cref="ArgumentException">There is a task of this name already.</exception>
    public Rcm WithTask(LearningTask task, bool freezesOthers = true)
    {
        ArgumentNullException.ThrowIfNull(task);
        var tasks = new TaskSet([.. Tasks, task]);
        var grown = new Rcm(
            tasks,
            turn => Encoder.WithUnits(new Units(turn, tasks.Count, normalizedFusion)),
            normalizedFusion,
            headWidths,
            head,
            frozen: freezesOthers ? Tasks.Count : 0
        );
        var like = parameters().First();
        grown.to(like.dtype).to(like.device);
        foreach (var (mine, other) in Banks.Zip(grown.Banks))
        {
            other.TakeOver(mine);
        }

        for (var place = 0; place < Tasks.Count; place++)
        {
            AdoptingUnit.Copy(Heads[place], grown.Heads[place]);
        }

        foreach (var parameter in Enumerable.Range(0, grown.frozen).SelectMany(grown.ParametersOf).ToArray())
        {
            parameter.requires_grad = false;
        }

        grown.train(training);
        return grown;
    }

    /// <summary>Sets the mode; tasks that are frozen are always in eval mode.</summary>
    /// <param name="train">True for training.</param>
    public override void train(bool train = true)
    {
        base.train(train);
        for (var task = 0; task < frozen; task++)
        {
            Heads[task].eval();
            foreach (var bank in Banks)
            {
                bank.PartOf(task).eval();
            }
        }
    }

    /// <summary>The layers, from the image on.</summary>
    internal IReadOnlyList<FilterBankUnit> Banks => [.. modules().OfType<FilterBankUnit>()];

    private void Initialize(Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var like = parameters().First();
        eval();
        foreach (var bank in Banks)
        {
            bank.Watch();
        }

        for (var start = 0L; start < images.size(0); start += RowsAtOnce)
        {
            using var inner = torch.NewDisposeScope();
            var some = images.narrow(0, start, Math.Min(RowsAtOnce, images.size(0) - start));
            Encoder.call(some.to(like.dtype).to(like.device));
        }

        foreach (var bank in Banks)
        {
            bank.Rotate();
        }

        this.train();
    }

    private sealed class Units(TaskSwitch turn, int tasks, bool normalizedFusion) : ConditionalUnits(turn, tasks)
    {
        /// <inheritdoc/>
        public override Module<Tensor, Tensor> Unit(ConvolutionShape shape) =>
            new FilterBankUnit(Turn, Tasks, shape, shape.Role != ConvolutionRole.Shortcut, normalizedFusion);
    }
}
