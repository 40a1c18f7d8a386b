using Plait.Networks;
using Plait.Optimization;
using Plait.Optimization.Bilevel;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.LossWeighting;
using Plait.Optimization.Regularization;
using Plait.Optimization.Scheduling;

namespace Plait.Training;

/// <summary>How a network is trained: one choice for each part of a run.</summary>
/// <remarks>Weighting, aggregator and schedule hold the state of a run: one recipe serves one training at a time.</remarks>
public sealed record Recipe
{
    /// <summary>Turns losses into an objective; the plain sum by default.</summary>
    public LossWeighting Weighting { get; init; } = new Equal();

    /// <summary>Turns task gradients into an update; their sum by default.</summary>
    public GradientAggregator Aggregator { get; init; } = new Sum();

    /// <summary>Chooses each step's tasks; all of them by default.</summary>
    public TaskSchedule Schedule { get; init; } = new Joint();

    /// <summary>Penalties added to the objective.</summary>
    public IReadOnlyList<Regularizer> Regularizers { get; init; } = [];

    /// <summary>What the tasks' losses gain, such as distillation from teachers; applied one after the other.</summary>
    public IReadOnlyList<AuxiliaryLoss> Auxiliaries { get; init; } = [];

    /// <summary>What looks at the training and changes nothing in it, such as a measure of how tasks affect one another.</summary>
    public IReadOnlyList<TrainingCallback> Callbacks { get; init; } = [];

    /// <summary>Moves the parameters; Adam by default.</summary>
    public OptimizerFactory Optimizer { get; init; } = new AdamOptimizer();

    /// <summary>What is said of single groups of parameters, such as an encoder that learns slower or not at all; each name once.</summary>
    public IReadOnlyList<GroupSetting> Groups { get; init; } = [];

    /// <summary>Changes the learning rate; null keeps it.</summary>
    public LearningRateSchedule? LearningRateSchedule { get; init; }

    /// <summary>Passes over the training data, at most; 1 or more.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>The largest norm of the whole gradient; a longer one is shortened to it. Null does not clip.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Stops after so many epochs without a better score; null never stops early. Needs validation data.</summary>
    public int? Patience { get; init; }

    /// <summary>Which epoch's parameters are kept, where there is validation data.</summary>
    public CheckpointSelection Selection { get; init; } = CheckpointSelection.ValidationLoss;

    /// <summary>Fixes everything that chance decides in the training.</summary>
    public long Seed { get; init; }

    /// <summary>How many steps in a row may be skipped for a loss or gradient that is not finite before the training gives up.</summary>
    public int MaxConsecutiveSkips { get; init; } = 10;

    /// <summary>Steps between two looks at the cosines between the task gradients; 0 never looks. Null looks once an epoch.</summary>
    public int? GradientRecordInterval { get; init; }

    /// <summary>Batches that make one update, as one batch of all their rows would; 1 or more.</summary>
    /// <remarks>
    /// Saves memory, not time: the step is that of one batch of all the rows, but for batch normalisation. What depends on
    /// the losses, or on a first look at gradients, costs a pass more over the batches.
    /// </remarks>
    public int AccumulatedBatches { get; init; } = 1;

    /// <summary>
    /// Bytes that the task gradients of a Gramian may take at once; where they would take more, memory is saved at the cost of more
    /// backward passes. Null sets no limit.
    /// </summary>
    public long? RowMemory { get; init; }

    /// <summary>Whether a group of parameters does not learn at all, as <see cref="Groups"/> say.</summary>
    /// <param name="group">A group of a network, or of a part of the recipe.</param>
    public bool Freezes(ParameterGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return RunGroups.SettingOf(this, group) is { Frozen: true };
    }

    /// <summary>The parts that hold a run's state, with the names that checkpoints know them by.</summary>
    internal IEnumerable<(string Name, TrainingComponent Part)> Parts =>
        new (string, TrainingComponent)[]
        {
            ("weighting", Weighting),
            ("aggregator", Aggregator),
            ("schedule", Schedule),
        }
            .Concat(Regularizers.Select((regularizer, i) => ($"regularizer-{i}", (TrainingComponent)regularizer)))
            .Concat(Auxiliaries.Select((auxiliary, i) => ($"auxiliary-{i}", (TrainingComponent)auxiliary)))
            .Concat(Callbacks.Select((callback, i) => ($"callback-{i}", (TrainingComponent)callback)));

    /// <summary>What learns on top of the training of a network.</summary>
    internal IBilevelOptimizer[] BilevelOptimizers(MultiTaskNetwork network) =>
        [.. Parts.Select(part => part.Part).Concat<object>([network]).OfType<IBilevelOptimizer>()];

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConsecutiveSkips, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(GradientRecordInterval ?? 0, nameof(GradientRecordInterval));
        ArgumentOutOfRangeException.ThrowIfLessThan(AccumulatedBatches, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RowMemory ?? 1, 1, nameof(RowMemory));
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience ?? 1, 1, nameof(Patience));
        if (Groups.GroupBy(setting => setting.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The groups of parameters called '{twice.Key}' are set twice; say it once.");
        }

        if (ClipNorm is { } norm && !(norm > 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(ClipNorm),
                norm,
                "The largest gradient norm is above 0, or null for none."
            );
        }
    }
}
