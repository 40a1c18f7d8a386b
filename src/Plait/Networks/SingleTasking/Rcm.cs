using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
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
public sealed class Rcm : TaskConditionalNetwork, ITakesFurtherTasks
{
    private const int RowsAtOnce = 32; // of the images whose responses are looked at

    private readonly bool normalizedFusion;
    private readonly int[]? headWidths;
    private readonly DenseHead? head;
    private int[] frozen = []; // the places of tasks that stay as they are
    private string? notice;

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
        ) => notice = ConditionalUnits.NoticeOfFrozen(encoder);

    private Rcm(
        TaskSet tasks,
        Func<ActiveTask, Encoder> build,
        bool normalizedFusion,
        int[]? headWidths,
        DenseHead? head,
        ActiveTask? turn = null
    )
        : base(tasks, nameof(Rcm), turn ??= new ActiveTask(), build(turn), [], headWidths, head)
    {
        this.normalizedFusion = normalizedFusion;
        this.headWidths = headWidths;
        this.head = head;
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
                $"The encoder reads images [rows, {string.Join(", ", trained.InputShape)}], and of those one row at least is needed; got {TargetShapes.Text(images.shape)}.",
                nameof(images)
            );
        }

        var network = new Rcm(tasks, trained, normalizedFusion, headWidths, head);
        network.Initialize(images);
        network.notice = null;
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
            head
        );
        var like = parameters().First();
        grown.to(like.dtype).to(like.device);
        grown.TakeOver(this, freezes: freezesOthers);
        grown.notice = notice;
        grown.train(training);
        return grown;
    }

    /// <inheritdoc/>
    /// <remarks>As <see cref="WithTask"/>, for any number of further tasks and any order of all; their heads stay as this network was made with.</remarks>
    public void GoOnFrom(MultiTaskNetwork trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        if (
            trained is not Rcm before
            || Tasks.Count <= before.Tasks.Count
            || !before.Tasks.All(task => Tasks.Contains(task.Name))
        )
        {
            throw new ArgumentException(
                $"A network of {string.Join(", ", Tasks)} goes on from another {nameof(Rcm)} of some of these tasks, not of all; got a {trained.GetType().Name} of {string.Join(", ", trained.Tasks)}.",
                nameof(trained)
            );
        }

        var (mine, other) = (Sizes(this, Tasks.IndexOf(before.Tasks[0])), Sizes(before, 0));
        if (!mine.SequenceEqual(other))
        {
            throw new ArgumentException(
                "The trained network has another encoder, other heads or other options than this one; make both with the same.",
                nameof(trained)
            );
        }

        TakeOver(before, freezes: true);
        notice = null; // it was said when the bank was made
        train(training);

        static IEnumerable<string> Sizes(Rcm network, int task)
        {
            IEnumerable<Parameter> all =
            [
                .. network.Banks.Select(bank => bank.Bank).OfType<Parameter>(),
                .. network.Banks.SelectMany(bank => bank.PartOf(task).parameters()),
                .. network.Heads[task].parameters(),
            ];
            return all.Select(parameter => string.Join('x', parameter.shape));
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices => notice is null ? [] : [notice];

    /// <summary>Sets the mode; tasks that are frozen are always in eval mode.</summary>
    /// <param name="train">True for training.</param>
    public override void train(bool train = true)
    {
        base.train(train);
        foreach (var task in frozen)
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

    private void TakeOver(Rcm before, bool freezes)
    {
        int[] places =
        [
            .. Tasks.Select(task => before.Tasks.Contains(task.Name) ? before.Tasks.IndexOf(task.Name) : -1),
        ];
        foreach (var (mine, other) in Banks.Zip(before.Banks))
        {
            mine.TakeOver(other, places);
        }

        foreach (var task in Enumerable.Range(0, places.Length).Where(task => places[task] >= 0))
        {
            AdoptingUnit.Copy(before.Heads[places[task]], Heads[task]);
        }

        frozen = freezes ? [.. Enumerable.Range(0, places.Length).Where(task => places[task] >= 0)] : [];
        foreach (var parameter in frozen.SelectMany(ParametersOf).ToArray())
        {
            parameter.requires_grad = false;
        }
    }

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

    private sealed class Units(ActiveTask turn, int tasks, bool normalizedFusion) : ConditionalUnits(turn, tasks)
    {
        /// <inheritdoc/>
        public override Module<Tensor, Tensor> Unit(ConvolutionShape shape) =>
            new FilterBankUnit(Turn, Tasks, shape, shape.Role != ConvolutionRole.Shortcut, normalizedFusion);
    }
}
