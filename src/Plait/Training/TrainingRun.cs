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
    private readonly FlatParameters storage;
    private readonly RunOptimizer optimizer;
    private readonly int stepsPerEpoch;
    private readonly Device device;
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
        RequireTasks(train);
        if (validation is not null)
        {
            RequireTasks(validation);
        }

        torch.manual_seed(recipe.Seed);
        storage = NetworkStorage.Of(network);
        device = storage.Values.device;
        recipe.Weighting.Begin(network.Tasks, device);
        recipe.Aggregator.Begin(network.Tasks.Count);
        recipe.Schedule.Begin(train);
        foreach (var regularizer in recipe.Regularizers)
        {
            regularizer.Begin(network);
        }

        optimizer = new RunOptimizer(recipe, storage);
        stepsPerEpoch = recipe.Schedule.StepsPerEpoch(train);
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

    public void Dispose()
    {
        buffers.Dispose();
        optimizer.Dispose();
    }

    private void Step()
    {
        using var scope = torch.NewDisposeScope();
        var context = Context();
        var chosen = recipe.Schedule.Next(context);
        using var read = train.Read(chosen, state.Places);
        Advance(chosen);
        var batch = read.To(device);
        var tasks = chosen.Where(task => batch.TargetOf(task).PresentCount > 0);
        if (tasks.Count == 0)
        {
            return;
        }

        try
        {
            LookAtGradients(batch, tasks);
            buffers.Keep();
            Descend(batch, tasks, context);
            state.SkippedInARow = 0;
        }
        catch (NonFiniteException failure)
        {
            Skip(failure);
        }
    }

    private void Descend(MultiTaskBatch batch, TaskSelection tasks, StepContext context)
    {
        var gradients = TakeGradients(batch, tasks, context);
        var losses = gradients.Losses;
        optimizer.Step(() => TakeGradients(batch, tasks, context).Losses.Values.sum());
        recipe.Weighting.AfterStep(losses, () => Recompute(batch, tasks), context);
        for (var i = 0; i < losses.Count; i++)
        {
            var task = tasks.Indices[i];
            state.LossSums[task] += losses.Numbers[i];
            state.WeightSums[task] += gradients.Weights[i];
            state.LossCounts[task]++;
        }
    }

    private TaskGradients TakeGradients(MultiTaskBatch batch, TaskSelection tasks, StepContext context)
    {
        network.CutsRepresentation = network.HasSharedRepresentation && recipe.Aggregator.NeedsTaskGradients;
        var outputs = network.Forward(batch, tasks);
        var losses = Losses(outputs, batch, tasks);
        RequireFinite(losses);
        optimizer.ZeroWeighting();
        var gradients = TaskGradients.Of(losses, network, outputs, recipe.Weighting.Weigh(losses, context));
        gradients.Apply(recipe.Aggregator, context);
        foreach (var regularizer in recipe.Regularizers)
        {
            regularizer.Penalty(network, context).backward();
        }

        RequireFinite(optimizer.ClipGradients(recipe.ClipNorm), tasks);
        return gradients;
    }

    private static TaskLosses Losses(TaskOutputs outputs, MultiTaskBatch batch, TaskSelection tasks)
    {
        var losses = new Tensor[tasks.Count];
        for (var i = 0; i < losses.Length; i++)
        {
            var task = tasks.Indices[i];
            losses[i] = tasks[i].Loss.Compute(outputs[task], batch.TargetOf(task));
        }

        return new TaskLosses(tasks, losses);
    }

    private TaskLosses Recompute(MultiTaskBatch batch, TaskSelection tasks)
    {
        using var noGrad = torch.no_grad();
        return Losses(network.Forward(batch, tasks), batch, tasks);
    }

    /// <summary>Looks at the cosines on a pass of its own in eval mode, so that looking changes nothing.</summary>
    private void LookAtGradients(MultiTaskBatch batch, TaskSelection tasks)
    {
        var interval = recipe.GradientRecordInterval ?? stepsPerEpoch;
        if (interval == 0 || state.Step % interval != 0 || tasks.Count < 2)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        network.eval();
        network.CutsRepresentation = network.HasSharedRepresentation && batch.SharesInput;
        var outputs = network.Forward(batch, tasks);
        var losses = Losses(outputs, batch, tasks);
        RequireFinite(losses);
        var place = outputs.Representation is null ? GradientPlace.Parameters : GradientPlace.Representation;
        var record = GradientRecords.From(
            state.Step,
            network.Tasks.Count,
            TaskGradients.Of(losses, network, outputs).Gramian(place)
        );
        state.Gradients.Add(record);
        network.train();
        Report(gradients: record);
    }

    private void Skip(NonFiniteException failure)
    {
        network.train();
        buffers.Restore();
        state.Skipped++;
        state.SkippedInARow++;
        if (state.SkippedInARow >= recipe.MaxSkippedInARow)
        {
            throw failure;
        }

        Report(notice: $"Step {state.Step} was skipped: {failure.Message}");
    }

    private void EndEpoch(CancellationToken cancel)
    {
        var evaluation = validation is null ? null : Evaluator.Evaluate(network, validation, cancel);
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

    private void Advance(TaskSelection chosen)
    {
        if (train.SharesInput)
        {
            Array.Fill(state.Places, state.Places[0] + 1);
            return;
        }

        foreach (var task in chosen.Indices)
        {
            state.Places[task]++;
        }
    }

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

    private static void RequireFinite(TaskLosses losses)
    {
        for (var i = 0; i < losses.Count; i++)
        {
            if (!double.IsFinite(losses.Numbers[i]))
            {
                throw new NonFiniteException(losses.Tasks[i].Name, "loss");
            }
        }
    }

    private void RequireFinite(double norm, TaskSelection tasks)
    {
        if (double.IsFinite(norm))
        {
            return;
        }

        foreach (var task in tasks.Indices)
        {
            var (start, length) = storage.RangeOf(task);
            if (length > 0 && !double.IsFinite(storage.Gradients.narrow(0, start, length).sum().item<float>()))
            {
                throw new NonFiniteException(network.Tasks[task].Name, "gradient");
            }
        }

        throw new NonFiniteException(null, "gradient");
    }

    private void RequireTasks(BatchSource source)
    {
        if (!source.Tasks.Select(task => task.Name).SequenceEqual(network.Tasks.Select(task => task.Name)))
        {
            throw new ArgumentException(
                $"The data's tasks ({string.Join(", ", source.Tasks)}) are not the network's ({string.Join(", ", network.Tasks)})."
            );
        }
    }
}
