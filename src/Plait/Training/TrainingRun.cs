using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Training;

/// <summary>One training from its start, or its checkpoint, to its end: the loop over epochs and steps.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly Trainer trainer;
    private readonly Recipe recipe;
    private readonly MultiTaskNetwork network;
    private readonly BatchSource train;
    private readonly BatchSource? validation;
    private readonly IProgress<TrainingProgress>? progress;
    private readonly StepDescent descent;
    private readonly RunOptimizer optimizer;
    private readonly int batchesPerEpoch;
    private readonly int stepsPerEpoch;
    private readonly Device device;
    private readonly ScalarType floats;
    private readonly BufferGuard buffers;
    private RunState state;
    private StateDictionary? best;
    private long lastReport;
    private long lastCheckpoint;
    private long sitting;

    public TrainingRun(
        Trainer trainer,
        BatchSource train,
        BatchSource? validation,
        IProgress<TrainingProgress>? progress
    )
    {
        this.trainer = trainer;
        this.train = train;
        this.validation = validation;
        this.progress = progress;
        recipe = trainer.Recipe;
        network = trainer.Network;
        RecipeCheck.Require(recipe, network, train, validation);
        torch.manual_seed(recipe.Seed);
        var storage = NetworkStorage.Of(network);
        device = storage.Values.device;
        floats = storage.Values.dtype;
        recipe.Weighting.Begin(network);
        recipe.Aggregator.Begin(network);
        recipe.Schedule.Begin(train);
        foreach (var regularizer in recipe.Regularizers)
        {
            regularizer.Begin(network);
        }

        foreach (var auxiliary in recipe.Auxiliaries)
        {
            auxiliary.Begin(network);
        }

        foreach (var observer in recipe.Observers)
        {
            observer.Begin(network.Tasks);
        }

        optimizer = new RunOptimizer(recipe, storage);
        batchesPerEpoch = recipe.Schedule.StepsPerEpoch(train);
        stepsPerEpoch = (batchesPerEpoch + recipe.AccumulatedBatches - 1) / recipe.AccumulatedBatches;
        descent = new StepDescent(network, recipe, optimizer, storage);
        buffers = new BufferGuard(network);
        state = RunState.Start(network.Tasks.Count);
    }

    public TrainingResult Run(CancellationToken cancel)
    {
        sitting = lastReport = lastCheckpoint = trainer.Time.GetTimestamp();
        Resume();
        while (state.Epoch < recipe.Epochs && !state.StoppedEarly)
        {
            network.train();
            while (state.StepInEpoch < stepsPerEpoch)
            {
                Pause(cancel);
                Step();
                optimizer.EndStep();
                state.StepInEpoch++;
                state.Step++;
            }

            EndEpoch(cancel);
        }

        if (best is not null)
        {
            RequireLearned(state.History[state.BestEpoch].Validation);
            NetworkState.Put(network, best);
        }

        network.eval();
        return new TrainingResult(
            network.Tasks,
            state.History,
            state.Gradients,
            state.BestEpoch,
            state.Skipped,
            state.StoppedEarly,
            Elapsed()
        );
    }

    /// <summary>Finite parameters can be so large that nothing comes of them.</summary>
    private void RequireLearned(Evaluation? kept)
    {
        var lost = kept is null ? -1 : Array.FindIndex(kept.Losses, double.IsInfinity);
        if (lost >= 0)
        {
            var task = network.Tasks[lost].Name;
            throw new NonFiniteException(
                task,
                "loss",
                $"No epoch has left a network whose validation loss of task '{task}' is finite, so nothing was learned. {NonFiniteException.Remedy}"
            );
        }
    }

    public void Dispose()
    {
        buffers.Dispose();
        optimizer.Dispose();
        NetworkStorage.Of(network).ReleaseRows();
    }

    private void Step()
    {
        using var scope = torch.NewDisposeScope();
        var context = Context();
        var chosen = recipe.Schedule.Next(context);
        var left = batchesPerEpoch - (state.StepInEpoch * recipe.AccumulatedBatches);
        var count = Math.Min(recipe.AccumulatedBatches, left);
        using var batches = StepBatches.Read(train, chosen, state.Places, count, device, floats);
        if (batches.Labelled.Count == 0)
        {
            return;
        }

        try
        {
            buffers.Keep();
            var record = Look(batches.Labelled.First(batch => batch.LabelledTasks.Count > 0), context);
            var gradients = descent.Descend(batches.Labelled, number => batches.Others(number, context), context);
            Count(gradients);
            Record(record?.With(gradients));
            state.SkippedInARow = 0;
        }
        catch (NonFiniteException failure) when (failure.What != NonFiniteException.Parameters)
        {
            Skip(failure);
        }
    }

    private GradientRecord? Look(MultiTaskBatch batch, StepContext context)
    {
        var interval = recipe.GradientRecordInterval ?? stepsPerEpoch;
        return interval > 0 && state.Step % interval == 0 && batch.LabelledTasks.Count > 1
            ? descent.Look(batch, context)
            : null;
    }

    private void Record(GradientRecord? record)
    {
        if (record is not null)
        {
            state.Gradients.Add(record);
            Report(gradients: record);
        }
    }

    private void Count(TaskGradients gradients)
    {
        for (var i = 0; i < gradients.Count; i++)
        {
            var task = gradients.Losses.Tasks.Indices[i];
            state.LossSums[task] += gradients.Losses.Numbers[i];
            state.WeightSums[task] += gradients.Weights[i];
            state.LossCounts[task]++;
        }
    }

    private void Skip(NonFiniteException failure)
    {
        network.train();
        buffers.Restore();
        state.Skipped++;
        state.SkippedInARow++;
        state.SkippedInEpoch++;
        state.LastSkipped = new(failure.Task, failure.What, failure.Message);
        if (state.SkippedInARow >= recipe.MaxSkippedInARow)
        {
            throw state.LastSkipped.Failure($"{state.SkippedInARow} steps in a row could not be taken.");
        }

        Report(notice: $"Step {state.Step} was skipped: {failure.Message}");
    }

    /// <summary>An epoch without a step has taught nothing, however few its steps are.</summary>
    private void RequireStep()
    {
        if (state.SkippedInEpoch > 0 && Array.TrueForAll(state.LossCounts, count => count == 0))
        {
            throw state.LastSkipped!.Failure(
                $"None of the {state.SkippedInEpoch} steps of epoch {state.Epoch + 1} could be taken."
            );
        }

        state.SkippedInEpoch = 0;
    }

    private void EndEpoch(CancellationToken cancel)
    {
        RequireStep();
        var evaluation = Validate(cancel);
        var score = evaluation is null ? double.NaN : recipe.Selection.Score(network.Tasks, evaluation);
        var seconds = Elapsed();
        var record = new EpochRecord(
            state.Epoch,
            Means(state.LossSums),
            Means(state.WeightSums),
            evaluation,
            score,
            optimizer.LearningRate,
            seconds - state.EpochSeconds
        );
        state.History.Add(record);
        state.EpochSeconds = seconds;
        foreach (var (_, part) in recipe.Parts)
        {
            part.EndEpoch(new EpochOutcome(record.Epoch, record.TrainingLosses, evaluation));
        }

        optimizer.EndEpoch(score);
        Array.Clear(state.LossSums);
        Array.Clear(state.WeightSums);
        Array.Clear(state.LossCounts);
        if (evaluation is null || double.IsNaN(state.BestScore) || score > state.BestScore)
        {
            state.BestScore = score;
            state.BestEpoch = state.Epoch;
            best = evaluation is null ? null : NetworkState.Take(network);
        }

        state.StoppedEarly = evaluation is not null && state.Epoch - state.BestEpoch >= recipe.Patience;
        state.Epoch++;
        state.StepInEpoch = 0;
        if (state.StoppedEarly || state.Epoch == recipe.Epochs)
        {
            WriteCheckpoint();
        }

        Report(finished: record);
    }

    private Evaluation? Validate(CancellationToken cancel)
    {
        try
        {
            return validation is null ? null : Evaluator.Evaluate(network, validation, cancel);
        }
        catch (OperationCanceledException)
        {
            WriteCheckpoint();
            throw;
        }
    }

    private void Pause(CancellationToken cancel)
    {
        var now = trainer.Time.GetTimestamp();
        if (cancel.IsCancellationRequested)
        {
            WriteCheckpoint();
            throw new OperationCanceledException(cancel);
        }

        if (
            trainer.Checkpoints is not null
            && trainer.Time.GetElapsedTime(lastCheckpoint, now) >= trainer.CheckpointInterval
        )
        {
            WriteCheckpoint();
            lastCheckpoint = now;
        }

        if (progress is not null && trainer.Time.GetElapsedTime(lastReport, now) >= trainer.ProgressInterval)
        {
            Report();
            lastReport = now;
        }
    }

    private void WriteCheckpoint()
    {
        if (trainer.Checkpoints is { } folder)
        {
            state.Seconds = Elapsed();
            sitting = trainer.Time.GetTimestamp();
            RunCheckpoint.Write(folder, new RunParts(network, recipe, optimizer, state, best));
        }
    }

    private void Resume()
    {
        if (trainer.Checkpoints is { HasCheckpoint: true } folder)
        {
            (state, best) = RunCheckpoint.Read(
                folder,
                new RunParts(network, recipe, optimizer, state, best),
                line => Report(notice: line)
            );
            ReportAgain();
        }
    }

    /// <summary>Tells what the checkpoint remembers: whoever listened may have been killed before it heard.</summary>
    private void ReportAgain()
    {
        foreach (var record in state.Gradients)
        {
            Report(gradients: record);
        }

        foreach (var epoch in state.History)
        {
            Report(finished: epoch);
        }
    }

    private StepContext Context() =>
        new()
        {
            Tasks = network.Tasks,
            Step = state.Step,
            Epoch = state.Epoch,
            StepInEpoch = state.StepInEpoch,
            StepsPerEpoch = stepsPerEpoch,
            Epochs = recipe.Epochs,
            Seed = recipe.Seed,
        };

    private double Elapsed() => state.Seconds + trainer.Time.GetElapsedTime(sitting).TotalSeconds;

    private double[] Means(double[] sums) =>
        [.. sums.Select((sum, task) => state.LossCounts[task] == 0 ? double.NaN : sum / state.LossCounts[task])];

    private void Report(EpochRecord? finished = null, GradientRecord? gradients = null, string? notice = null) =>
        progress?.Report(
            new TrainingProgress(
                state.Epoch,
                recipe.Epochs,
                state.StepInEpoch,
                stepsPerEpoch,
                finished,
                gradients,
                notice
            )
        );
}
