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
    private readonly MultiTaskDataLoader? validation;
    private readonly IProgress<TrainingProgress>? progress;
    private readonly RunSources sources;
    private readonly RunOptimizer optimizer;
    private readonly RunSteps steps;
    private RunState state;
    private StateDictionary? best;
    private long lastReport;
    private long lastCheckpoint;
    private long sitting;

    public TrainingRun(
        Trainer trainer,
        FrozenGroups frozen,
        IObjectiveSource train,
        MultiTaskDataLoader? validation,
        IProgress<TrainingProgress>? progress
    )
    {
        this.trainer = trainer;
        this.validation = validation;
        this.progress = progress;
        recipe = trainer.Recipe;
        network = trainer.Network;
        sources = new RunSources(train, trainer.Search, frozen.Searched);
        RecipeCheck.Require(recipe, network, sources, validation);
        torch.manual_seed(recipe.Seed);
        foreach (var (_, part) in recipe.Parts)
        {
            part.Begin(new TrainingContext(network, train.Sizes));
        }

        RunGroups.RequireKnown(recipe, frozen.All);
        optimizer = new RunOptimizer(recipe, network);
        steps = new RunSteps(recipe, network, sources, optimizer);
        state = RunState.Start(network.Tasks.Count);
    }

    public TrainingResult Run(CancellationToken cancel)
    {
        sitting = lastReport = lastCheckpoint = trainer.Time.GetTimestamp();
        Resume();
        while (state.Epoch < recipe.Epochs && !state.StoppedEarly)
        {
            network.train();
            while (state.StepInEpoch < steps.PerEpoch)
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
        steps.Dispose();
        optimizer.Dispose();
        network.Storage.ReleaseRows();
    }

    private void Step()
    {
        var (seen, skipped) = steps.Take(state);
        if (seen is not null || skipped is not null)
        {
            Report(gradients: seen, notice: skipped);
        }
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
            state.Means(state.LossSums),
            state.Means(state.WeightSums),
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
        state.ForgetCounts();
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
            RunCheckpoint.Write(folder, Parts);
        }
    }

    private void Resume()
    {
        if (trainer.Checkpoints is { HasCheckpoint: true } folder)
        {
            (state, best) = RunCheckpoint.Read(folder, Parts, line => Report(notice: line));
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

    private RunParts Parts => new(network, recipe, optimizer, sources.Training, steps.Search, state, best);

    private double Elapsed() => state.Seconds + trainer.Time.GetElapsedTime(sitting).TotalSeconds;

    private void Report(EpochRecord? finished = null, GradientRecord? gradients = null, string? notice = null) =>
        progress?.Report(
            new TrainingProgress(
                state.Epoch,
                recipe.Epochs,
                state.StepInEpoch,
                steps.PerEpoch,
                finished,
                gradients,
                notice
            )
        );
}
