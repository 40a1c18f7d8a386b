using Plait.Data;
using Plait.Networks;
using Plait.Optimization;

namespace Plait.Training;

/// <summary>Trains a network by a recipe.</summary>
/// <remarks>
/// The same network, recipe, data and seed give the same bits on the same machine, whether the training ran in one piece or
/// was stopped and resumed. TorchSharp has one random generator a process for dropout: run trainings side by side in processes.
/// </remarks>
public sealed class Trainer
{
    /// <summary>Joins a network and a recipe.</summary>
    /// <param name="network">Trained in place, on the device that it is on.</param>
    /// <param name="recipe">How.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of the recipe is out of its range.</exception>
    public Trainer(MultiTaskNetwork network, Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(recipe);
        recipe.Check();
        Network = network;
        Recipe = recipe;
    }

    internal static TimeSpan UsualCheckpointInterval { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The network.</summary>
    public MultiTaskNetwork Network { get; }

    /// <summary>The recipe.</summary>
    public Recipe Recipe { get; }

    /// <summary>Where checkpoints go; null writes none.</summary>
    public CheckpointFolder? Checkpoints { get; init; }

    /// <summary>The least time between two checkpoints; 0 writes one before each step. One is also written when the training is cancelled and when it ends.</summary>
    public TimeSpan CheckpointInterval { get; init; } = UsualCheckpointInterval;

    /// <summary>The time between two reports of progress within an epoch.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The losses that the network's groups of <see cref="LearningSplit.Search"/> learn from, for instance a
    /// <see cref="DataObjectiveSource"/> of half of the training rows; null where there are no such groups.
    /// </summary>
    public IObjectiveSource? Search { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Trains. Where <see cref="Checkpoints"/> holds a checkpoint, goes on from there.</summary>
    /// <param name="train">Training data, for the network's tasks.</param>
    /// <param name="validation">Data that chooses the epoch to keep and the moment to stop; null keeps the last epoch.</param>
    /// <param name="progress">Told of epochs, and of steps now and then; of those that a checkpoint remembers, again.</param>
    /// <param name="cancel">Stops between steps, after a checkpoint.</param>
    /// <returns>The history; the network holds the best epoch's parameters and is in eval mode.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; the checkpoint, if any, resumes it.</exception>
    /// <exception cref="NonFiniteException">
    /// Too many steps in a row, or all of an epoch, met a loss or gradient that is not finite; or a step has left parameters that are not,
    /// which no checkpoint holds.
    /// </exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or of another network or recipe.</exception>
    /// <exception cref="ArgumentException">The data's tasks are not the network's.</exception>
    public TrainingResult Fit(
        MultiTaskDataLoader train,
        MultiTaskDataLoader? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(train);
        return Fit(new DataObjectiveSource(train), validation, progress, cancel);
    }

    /// <summary>Trains on losses that come from elsewhere than a data set, such as an environment. Otherwise as the other.</summary>
    /// <param name="source">The losses of each step, of the network's tasks.</param>
    /// <param name="validation">Data that chooses the epoch to keep and the moment to stop; null keeps the last epoch.</param>
    /// <param name="progress">Told of epochs, and of steps now and then; of those that a checkpoint remembers, again.</param>
    /// <param name="cancel">Stops between steps, after a checkpoint.</param>
    /// <returns>The history; the network holds the best epoch's parameters and is in eval mode.</returns>
    /// <exception cref="NotSupportedException">The source cannot do what the recipe asks for.</exception>
    public TrainingResult Fit(
        IObjectiveSource source,
        MultiTaskDataLoader? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        using var frozen = new FrozenGroups(Recipe, Network);
        using var run = new TrainingRun(this, frozen, source, validation, progress);
        return run.Run(cancel);
    }

    /// <summary>Makes what <see cref="Fit(MultiTaskDataLoader, MultiTaskDataLoader?, IProgress{TrainingProgress}?, CancellationToken)"/> makes before its first step, so that what does not go together is known before anything is trained.</summary>
    /// <param name="train">Training data, for the network's tasks; not read.</param>
    /// <exception cref="ArgumentException">The data's tasks are not the network's, or a part of the recipe does not fit them.</exception>
    /// <exception cref="InvalidOperationException">A part of the recipe needs a place that the network does not have.</exception>
    /// <exception cref="NotSupportedException">A part of the recipe is not for such a network.</exception>
    public void Check(MultiTaskDataLoader train)
    {
        ArgumentNullException.ThrowIfNull(train);
        using var frozen = new FrozenGroups(Recipe, Network);
        using var run = new TrainingRun(this, frozen, new DataObjectiveSource(train), validation: null, progress: null);
    }

    /// <summary>Trains on a thread of its own. See <see cref="Fit(MultiTaskDataLoader, MultiTaskDataLoader?, IProgress{TrainingProgress}?, CancellationToken)"/>.</summary>
    public Task<TrainingResult> FitAsync(
        MultiTaskDataLoader train,
        MultiTaskDataLoader? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancel = default
    ) =>
        Task.Factory.StartNew(
            () => Fit(train, validation, progress, cancel),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
}
