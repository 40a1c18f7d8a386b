using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization.Scheduling;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Demonstrations;

/// <summary>Landmarks of drawn faces, with a helper that knows something of them and one that can be learned by heart only.</summary>
internal sealed class TaskWiseEarlyStoppingDemonstration : Demonstration
{
    private const int BatchSize = 16;

    /// <inheritdoc/>
    public override string Name => "task-wise-early-stopping";

    /// <inheritdoc/>
    public override string Claim =>
        "A helper of the main task is stopped when it begins to overfit, and the main task is the better for it.";

    /// <summary>Faces to learn from.</summary>
    public int Rows { get; init; } = 300;

    /// <summary>Faces of the validation part, and of the test part.</summary>
    public int HeldOutRows { get; init; } = 1000;

    /// <summary>Passes over the training part.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>The noise on each pixel.</summary>
    public double Noise { get; init; } = 0.5;

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed)
    {
        using var train = Faces.Draw(Rows, seed, Noise);
        using var validation = Faces.Draw(HeldOutRows, seed + 1000, Noise);
        using var test = Faces.Draw(HeldOutRows, seed + 2000, Noise);
        string[] all = [.. Faces.Tasks.Select(task => task.Name)];
        var stopping = new TaskWiseEarlyStopping();
        return
        [
            .. Measure("landmarks alone", new Joint(), all[..1]),
            .. Measure("landmarks and tilt", new Joint(), all[..2]),
            .. Measure("all, never stopped", new Joint(), all),
            .. Measure("task-wise-early-stopping", stopping, all, stopping.HasStopped),
        ];

        IEnumerable<Observation> Measure(
            string setting,
            TaskSchedule schedule,
            string[] tasks,
            Func<int, bool>? hasStopped = null
        )
        {
            using var scope = torch.NewDisposeScope();
            using var own = train.SelectTasks(tasks);
            using var ownValidation = validation.SelectTasks(tasks);
            using var ownTest = test.SelectTasks(tasks);
            torch.manual_seed(seed);
            var network = new Tcdcn(own.Tasks, new LeNet(Faces.Shape));
            var recipe = new Recipe
            {
                Schedule = schedule,
                Epochs = Epochs,
                Seed = seed,
            };
            using var batches = own.Batches(BatchSize, seed);
            using var heldOut = ownValidation.Batches(HeldOutRows);
            using var unseen = ownTest.Batches(HeldOutRows);
            var scores = new List<Evaluation>();
            var trained = new int[tasks.Length];
            new Trainer(network, recipe).Fit(
                batches,
                heldOut,
                new EndOfEpoch(_ =>
                {
                    scores.Add(Evaluator.Evaluate(network, unseen));
                    for (var task = 0; task < tasks.Length; task++)
                    {
                        trained[task] += hasStopped?.Invoke(task) == true ? 0 : 1;
                    }
                })
            );
            for (var task = 0; task < tasks.Length; task++)
            {
                yield return new(setting, $"{tasks[task]}: epochs trained", trained[task]);
                yield return new(setting, $"{tasks[task]}: test loss", scores[^1].Losses[task]);
                yield return new(setting, $"{tasks[task]}: lowest test loss", scores.Min(score => score.Losses[task]));
            }
        }
    }
}
