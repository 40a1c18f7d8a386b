using Plait.Data;
using Plait.Networks;
using Plait.Optimization.Distillation;
using Plait.Tabular.Features;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Tabular.Models;

/// <summary>Trains a network on a table: reads it, divides its rows, fits the preprocessing, trains, tests and saves.</summary>
/// <remarks>The same job gives the same model to the bit on the same machine, in one piece or resumed from a checkpoint.</remarks>
public sealed class TabularTraining : IDisposable
{
    private const int EvaluationBatch = 1024;

    private readonly TabularJob job;
    private readonly TensorData training;
    private readonly TensorData? validation;
    private readonly TensorData? test;
    private readonly Teachers? teachers;
    private MultiTaskNetwork? network;

    private TabularTraining(TabularJob job, TabularData data, TabularSplit split)
    {
        this.job = job;
        Split = split;
        Preprocessing = Preprocessing.Fit(data, split.Training);
        Tasks = Preprocessing.CreateTasks();
        network = job.Run.CreateNetwork(Tasks, [Preprocessing.InputWidth]);
        teachers = TabularTeachers.Load(job.Run.Teachers, Preprocessing, job.Run.Device);
        teachers?.Require(Tasks);
        job.Run.CreateRecipe(teachers);
        Parameters = network
            .parameters()
            .Where(parameter => parameter.requires_grad)
            .Sum(parameter => parameter.numel());
        training = Preprocessing.ToTensorData(data, split.Training, Tasks);
        validation = Part(data, split.Validation);
        test = Part(data, split.Test);
        Warnings =
        [
            .. data.Schema.Warnings,
            .. Preprocessing.Warnings,
            .. Absent(validation, "validation", "choose the epoch"),
            .. Absent(test, "test", "judge the result"),
            .. Untaught(),
        ];
    }

    /// <summary>Which rows are learned from, chosen by and judged by.</summary>
    public TabularSplit Split { get; }

    /// <summary>What turns rows into inputs.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>The tasks, one a target.</summary>
    public TaskSet Tasks { get; }

    /// <summary>Trainable numbers of the network.</summary>
    public long Parameters { get; }

    /// <summary>What a user should know about the table and its division, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Does all that can fail for the job's or the table's sake before the first step.</summary>
    /// <param name="job">What to do.</param>
    /// <exception cref="TableException">The table cannot be read, a target cannot be learned, or the rows are too few.</exception>
    /// <exception cref="FormatException">The run names something that is not there.</exception>
    /// <exception cref="InvalidDataException">The table has changed since the job's checksum was taken, or a teacher's files are damaged.</exception>
    /// <exception cref="IOException">The model's folder holds something else, or a teacher's folder or a file of it is missing.</exception>
    /// <exception cref="ArgumentException">A teacher knows none of the targets, or reads or answers what this table does not hold.</exception>
    public static TabularTraining Prepare(TabularJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.ModelFolder is { } folder)
        {
            ModelFolder.RequireFree(folder);
        }

        GroupRehearsal.Require(job.Run, [.. job.Targets.Select(target => target.Column)]);
        if (job.TableChecksum is { } expected && TabularJob.ChecksumOf(job.Table) != expected)
        {
            throw new InvalidDataException(
                $"{job.Table}: the file has changed since this training began; put the old one back, or train anew."
            );
        }

        var data = TabularData.Read(job.Table, TableSchema.Infer(job.Table, job.Targets, job.Options));
        return new(job, data, TabularSplit.Of(data, job.ValidationShare, job.TestShare, job.Run.Seed));
    }

    /// <summary>Makes what <see cref="Run"/> makes before its first step, so that what does not go together is known before anything is kept.</summary>
    /// <exception cref="ArgumentException">A part of the recipe does not fit the targets.</exception>
    /// <exception cref="InvalidOperationException">A part of the recipe needs a place that the network does not have.</exception>
    /// <exception cref="NotSupportedException">A part of the recipe is not for such a network, or not for another part.</exception>
    public void Check()
    {
        using var train = training.Batches(job.Run.BatchSize, job.Run.Seed);
        using var another = job.Run.CreateNetwork(Tasks, [Preprocessing.InputWidth]); // the check leaves traces in what it is given
        new Trainer(another, job.Run.CreateRecipe(teachers)).Check(train);
    }

    /// <summary>Whether a parameter learns that several targets share: where none does, nothing that weighs them against each other changes a model.</summary>
    internal bool LearnsShared
    {
        get
        {
            using var another = job.Run.CreateNetwork(Tasks, [Preprocessing.InputWidth]);
            var recipe = job.Run.CreateRecipe(teachers);
            var frozen = another.ParameterGroups.Where(recipe.Freezes).SelectMany(group => group.Parameters);
            return another
                .SharedParameters.Where(parameter => parameter.requires_grad)
                .Except(frozen, ReferenceEqualityComparer.Instance)
                .Any();
        }
    }

    /// <summary>Trains, tests, and saves the model where the job names a folder. Once only.</summary>
    /// <param name="checkpoints">Where checkpoints go, and are resumed from; null writes none.</param>
    /// <param name="progress">Told how the training goes.</param>
    /// <param name="cancel">Stops between steps, after a checkpoint.</param>
    /// <returns>The model, the caller's to dispose, and the training's history.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; the checkpoint, if any, resumes it.</exception>
    /// <exception cref="IOException">The model cannot be saved; the checkpoint, if any, holds the finished training.</exception>
    public (TabularModel Model, TrainingResult History) Run(
        CheckpointFolder? checkpoints = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancel = default
    )
    {
        var trained =
            network
            ?? throw new InvalidOperationException("This training has run; prepare another one for a new network.");
        using var train = training.Batches(job.Run.BatchSize, job.Run.Seed);
        using var choose = validation?.Batches(EvaluationBatch);
        var trainer = new Trainer(trained, job.Run.CreateRecipe(teachers))
        {
            Checkpoints = checkpoints,
            CheckpointInterval = job.Run.CheckpointInterval,
        };
        var history = trainer.Fit(train, choose, progress, cancel);
        var model = new TabularModel(trained, Preprocessing, job.Run, Test(trained, cancel));
        if (job.ModelFolder is { } folder)
        {
            model.Save(folder);
        }

        network = null; // the model's from here on
        return (model, history);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        network?.Dispose();
        teachers?.Dispose();
        training.Dispose();
        validation?.Dispose();
        test?.Dispose();
    }

    /// <summary>What a network is worth on the test rows; null without any.</summary>
    internal TestReport? Test(MultiTaskNetwork trained, CancellationToken cancel)
    {
        if (test is null)
        {
            return null;
        }

        using var batches = test.Batches(EvaluationBatch);
        var evaluation = Evaluator.Evaluate(trained, batches, cancel);
        long[] counts = [.. Tasks.Select((_, task) => TargetTensors.RowsOf(test.TargetOf(task)))];
        return TestReport.Of(Preprocessing, test.Rows, counts, evaluation.Metrics, Preprocessing.Schema.Weights, []);
    }

    /// <summary>The losses that choose between networks: on the validation rows, or without any on those that were learned from.</summary>
    internal double[] ChoosingLosses(MultiTaskNetwork trained, CancellationToken cancel)
    {
        using var batches = Choosing.Batches(EvaluationBatch);
        return Evaluator.Evaluate(trained, batches, cancel).Losses;
    }

    /// <summary>The losses, on the same rows as <see cref="ChoosingLosses"/>, of answers that are the same for every row: the training rows' means and shares.</summary>
    internal double[] GuessingLosses()
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var losses = new double[Tasks.Count];
        for (var task = 0; task < losses.Length; task++)
        {
            var guess = Tasks[task].Answer.Guess(training.TargetOf(task), Tasks[task].Loss.ClassWeights);
            var target = Choosing.TargetOf(task);
            losses[task] = Tasks[task].Loss.Compute(guess.expand(Choosing.Rows, guess.shape[1]), target).item<float>();
        }

        return losses;
    }

    private TensorData Choosing => validation ?? training;

    private TensorData? Part(TabularData data, long[] rows) =>
        rows.Length == 0 ? null : Preprocessing.ToTensorData(data, rows, Tasks, toJudge: true);

    private IEnumerable<string> Untaught() =>
        teachers is null
            ? []
            : Tasks
                .Where(task => !teachers.Of(task).Any())
                .Select(task => $"No teacher teaches '{task.Name}', which learns from its labels alone.");

    private IEnumerable<string> Absent(TensorData? part, string name, string use) =>
        part is null
            ? []
            : Tasks
                .Where((_, task) => part.TargetOf(task).PresentCount == 0)
                .Select(task =>
                    $"Target '{task.Name}' {Preprocessing.Schema.Absent} all {part.Rows} {name} rows, so it does not help to {use}."
                );
}
