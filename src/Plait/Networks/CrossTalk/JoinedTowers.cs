using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Networks.SingleTasking;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks.CrossTalk;

/// <summary>One network for each task, joined after some stages of the encoders: what is common to all such architectures.</summary>
/// <remarks>
/// A join reads every network, so the loss of every task reaches all of them up to the last join. A task owns what makes its own
/// activations of the last join and what comes after that.
/// </remarks>
public abstract class JoinedTowers : MultiTaskNetwork, IStartsFromSingleTasks
{
    private readonly ModuleList<Encoder> towers;
    private readonly ModuleList<TaskHead> heads;
    private readonly int[] joins;
    private readonly double? rate;
    private bool isStarted;

    /// <summary>Builds one encoder and one head a task.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="tasks">The tasks; with only one there is nothing to join.</param>
    /// <param name="encoder">The first task's encoder, now owned by this network; the other tasks get replicas with fresh parameters.</param>
    /// <param name="join">After which stages the networks are joined.</param>
    /// <param name="rate">
    /// How many times the recipe's learning rate the joins take, above 0; when null <see cref="RateOfDescent"/> with stochastic gradient
    /// descent, and 1 with an optimizer like Adam.
    /// </param>
    /// <param name="start">What the encoders and heads start from.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="ArgumentException">No stage is such a place, or the rate is not above 0.</exception>
    protected JoinedTowers(
        string name,
        TaskSet tasks,
        Encoder encoder,
        JoinPlaces join,
        double? rate,
        TowerStart start,
        int[]? headWidths,
        DenseHead? head
    )
        : base(tasks, name)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        encoder.RequireShape();
        if (rate is { } times && (!double.IsFinite(times) || times <= 0))
        {
            throw new ArgumentException(
                $"The rate of the joins is a positive multiple of the recipe's learning rate; got {rate}.",
                nameof(rate)
            );
        }

        this.rate = rate;
        Start = start;
        joins = JoinedStages.Of(encoder, join);
        towers = new ModuleList<Encoder>([.. encoder.OnePerTask(tasks)]);
        heads = new ModuleList<TaskHead>([.. tasks.Select(task => Head.For(task, encoder, headWidths, head))]);
        register_module(nameof(towers), towers);
        register_module(nameof(heads), heads);
    }

    /// <summary>What the encoders and heads start from.</summary>
    public TowerStart Start { get; }

    /// <inheritdoc/>
    public bool AwaitsSingleTasks => Start == TowerStart.SingleTask && !isStarted;

    /// <summary>The places of the stages after which the networks are joined, rising.</summary>
    public IReadOnlyList<int> Joins => joins;

    /// <inheritdoc/>
    public sealed override IEnumerable<Parameter> SharedParameters =>
        towers
            .SelectMany(
                (tower, task) => tower.parameters().Except<Parameter>(Ending(task), ReferenceEqualityComparer.Instance)
            )
            .Concat(
                Enumerable
                    .Range(0, UnitCount)
                    .SkipLast(1)
                    .SelectMany(unit => Enumerable.Range(0, Tasks.Count).SelectMany(task => WeightsOf(unit, task)))
            );

    /// <inheritdoc/>
    public sealed override IEnumerable<Parameter> ParametersOf(int task) =>
        [
            .. UnitCount > 0 ? WeightsOf(UnitCount - 1, task) : [],
            .. Ending(task),
            .. ReadingOf(task),
            .. heads[task].parameters(),
        ];

    /// <inheritdoc/>
    public sealed override FeatureSpec FeatureSpecOf(int task) => towers[task].Output;

    /// <inheritdoc/>
    /// <remarks>The joins, with what the heads read of several stages, are "joins".</remarks>
    public sealed override IReadOnlyList<ParameterGroup> ParameterGroups =>
        base.ParameterGroups.SetApart(
            new ParameterGroup("joins", [.. Enumerable.Range(0, Tasks.Count).SelectMany(JoiningOf)])
            {
                LearningRateScale = rate ?? RateOfDescent,
                AdaptiveLearningRateScale = rate ?? 1,
            }
        );

    /// <summary>Takes over the parameters and statistics of encoders that were trained for one task each, as the papers do.</summary>
    /// <param name="trained">One for each task, in the tasks' order, of this network's make; they stay the caller's.</param>
    /// <exception cref="ArgumentException">Their number is not that of the tasks, or one is of another make.</exception>
    public void StartFrom(IReadOnlyList<Encoder> trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        if (trained.Count != Tasks.Count)
        {
            throw new ArgumentException(
                $"{Tasks.Count} tasks start from as many trained encoders; got {trained.Count}.",
                nameof(trained)
            );
        }

        for (var task = 0; task < trained.Count; task++)
        {
            ModuleState.Copy(trained[task], towers[task], $"the encoder of task '{Tasks[task].Name}'");
        }

        isStarted = true;
    }

    /// <summary>Takes over the encoders and heads of trained networks of single tasks, as the papers do.</summary>
    /// <param name="trained">One encoder and one head a task, of this network's make; it stays the caller's.</param>
    /// <exception cref="ArgumentException">It is of other tasks, or of another make.</exception>
    public void StartFrom(SingleTask trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        StartFrom([.. Enumerable.Range(0, trained.Tasks.Count).Select(trained.EncoderOf)]);
        for (var task = 0; task < heads.Count; task++)
        {
            ModuleState.Copy(trained.HeadOf(task), heads[task], $"the head of task '{Tasks[task].Name}'");
        }
    }

    /// <inheritdoc/>
    public void StartFrom(IReadOnlyList<SingleTask> trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        var sources = Tasks
            .Select(task =>
                trained.FirstOrDefault(network => network.Tasks.Any(own => own.Name == task.Name))
                ?? throw new ArgumentException(
                    $"No trained network of task '{task.Name}' is given; the given ones are of {string.Join(", ", trained.SelectMany(network => network.Tasks))}.",
                    nameof(trained)
                )
            )
            .ToArray();
        StartFrom([.. sources.Select((source, task) => source.EncoderOf(PlaceIn(source, task)))]);
        for (var task = 0; task < heads.Count; task++)
        {
            ModuleState.Copy(
                sources[task].HeadOf(PlaceIn(sources[task], task)),
                heads[task],
                $"the head of task '{Tasks[task].Name}'"
            );
        }
    }

    /// <inheritdoc/>
    protected sealed override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(outputs);
        Answer(outputs, input, tasks.Indices);
    }

    /// <summary>The encoders, one a task.</summary>
    protected IEnumerable<Encoder> Towers => towers;

    /// <summary>How many times the recipe's learning rate the joins take with stochastic gradient descent, where no rate was given.</summary>
    protected virtual double RateOfDescent => 1;

    /// <summary>How many joins there are: none with one task.</summary>
    protected int UnitCount => Tasks.Count > 1 ? joins.Length : 0;

    /// <summary>Joins the networks.</summary>
    /// <param name="unit">Which of the joins.</param>
    /// <param name="activations">One a task of the set, [rows, channels, ...], all of one shape.</param>
    /// <param name="receivers">The tasks whose network goes on.</param>
    /// <returns>What each receiver goes on with.</returns>
    protected abstract Tensor[] Join(int unit, Tensor[] activations, ReadOnlySpan<int> receivers);

    /// <summary>What makes the activations of a task in a join, and of no other task.</summary>
    protected abstract IEnumerable<Parameter> WeightsOf(int unit, int task);

    /// <summary>What a task's head reads.</summary>
    /// <param name="task">The task.</param>
    /// <param name="stages">What its network gave after each of <see cref="ReadStages"/>.</param>
    protected virtual Tensor Read(int task, IReadOnlyList<Tensor> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        return stages[^1];
    }

    /// <summary>The parameters of <see cref="Read"/>, which belong to the task.</summary>
    protected virtual IEnumerable<Parameter> ReadingOf(int task) => [];

    /// <summary>The places of the stages that are joined, and the last stage's.</summary>
    protected IReadOnlyList<int> ReadStages =>
        [.. joins.Append(towers[0].Stages.Count - 1).Where(stage => stage >= 0).Distinct()];

    private int PlaceIn(SingleTask source, int task) => source.Tasks.IndexOf(Tasks[task].Name);

    private IEnumerable<Parameter> JoiningOf(int task) =>
        Enumerable.Range(0, UnitCount).SelectMany(unit => WeightsOf(unit, task)).Concat(ReadingOf(task));

    /// <summary>The stages of a task's network after the last join.</summary>
    private IEnumerable<Parameter> Ending(int task) =>
        joins.Length == 0 ? [] : towers[task].Stages.Skip(joins[^1] + 1).SelectMany(stage => stage.parameters());

    private void Answer(TaskOutputs outputs, BatchInput input, ReadOnlySpan<int> receivers)
    {
        var stages = towers[0].Stages.Count;
        var going = UnitCount > 0 ? Tasks.All.Indices : receivers;
        var activations = new Tensor[Tasks.Count];
        var read = new List<Tensor>[Tasks.Count];
        foreach (var task in receivers)
        {
            read[task] = [];
        }

        foreach (var task in going)
        {
            activations[task] = towers[task].Enter(input);
        }

        for (var stage = 0; stage < stages; stage++)
        {
            foreach (var task in going)
            {
                activations[task] = towers[task].Stages[stage].call(activations[task]);
            }

            var unit = UnitCount > 0 ? Array.IndexOf(joins, stage) : -1;
            if (unit >= 0)
            {
                going = unit == joins.Length - 1 ? receivers : going;
                var joined = Join(unit, activations, going);
                for (var i = 0; i < joined.Length; i++)
                {
                    activations[going[i]] = joined[i];
                }
            }

            if (stage == stages - 1 || Array.IndexOf(joins, stage) >= 0)
            {
                foreach (var task in receivers)
                {
                    read[task].Add(activations[task]);
                }
            }
        }

        foreach (var task in receivers)
        {
            var features = towers[task].AsFeatures(stages == 0 ? activations[task] : Read(task, read[task]));
            outputs.SetFeatures(task, features);
            outputs[task] = heads[task].call(features);
        }
    }
}
