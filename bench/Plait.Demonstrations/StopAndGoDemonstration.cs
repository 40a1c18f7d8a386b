using Plait.Benchmarks;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization.Scheduling;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;
using Plait.Training;

namespace Plait.Demonstrations;

/// <summary>A task of few rows beside one of many, both from the Adult census: the small one overfits unless it rests.</summary>
internal sealed class StopAndGoDemonstration : Demonstration
{
    private const int BatchSize = 64;

    /// <summary>Judged by their validation loss.</summary>
    private static TaskSet Tasks { get; } =
        new(
            LearningTask.Binary("income", metrics: [new LogLoss(), new AreaUnderRoc()]),
            LearningTask.Classification("marital-status", 7, metrics: [new LogLoss(), new Accuracy()])
        );

    /// <inheritdoc/>
    public override string Name => "stop-and-go";

    /// <inheritdoc/>
    public override string Claim =>
        "Trained in every step small tasks overfit, and stopped for good they are forgotten; stopped and restarted they do neither.";

    /// <summary>Training rows of income, the small task.</summary>
    public int SmallRows { get; init; } = 800;

    /// <summary>Training rows of marital status, the large task.</summary>
    public int LargeRows { get; init; } = 8000;

    /// <summary>Rows of the validation part, and of the test part, at most.</summary>
    public int HeldOutRows { get; init; } = 4000;

    /// <summary>Passes over the large task.</summary>
    public int Epochs { get; init; } = 10;

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed)
    {
        using var adult = BenchmarkCatalog.Get("adult").Load(new BenchmarkOptions { Seed = seed });
        using var train = Part(adult.Train, 0, SmallRows, SmallRows, LargeRows);
        using var validation = Part(adult.Validation, 0, HeldOutRows, 0, HeldOutRows);
        using var test = Part(adult.Test, 0, HeldOutRows, 0, HeldOutRows);
        var stopping = new StopAndGo();
        var patient = new StopAndGo(go: 0.05);
        var forGood = new StopAndGo(go: double.MaxValue, interval: int.MaxValue);
        return
        [
            .. Measure("joint", new Joint(), Epochs),
            .. Measure("round-robin", new RoundRobin(), Epochs * 2), // as many batches of a task as the others
            .. Measure("stop-and-go", stopping, Epochs, stopping.HasStopped),
            .. Measure("stop-and-go:go=0.05", patient, Epochs, patient.HasStopped),
            .. Measure("stopped for good", forGood, Epochs, forGood.HasStopped),
        ];

        IEnumerable<Observation> Measure(
            string setting,
            TaskSchedule schedule,
            int epochs,
            Func<int, bool>? hasStopped = null
        )
        {
            using var scope = torch.NewDisposeScope();
            torch.manual_seed(seed);
            var network = new HardSharing(Tasks, new Mlp(train.InputSpec.Shape![0], [64, 32]));
            var counted = new CountedSchedule(schedule);
            using var batches = train.Batches(BatchSize, seed);
            using var heldOut = validation.Batches(HeldOutRows);
            using var unseen = test.Batches(HeldOutRows);
            var scores = new List<Evaluation>();
            var rests = Tasks.Select(_ => new List<bool> { false }).ToArray();
            new Trainer(
                network,
                new Recipe
                {
                    Schedule = counted,
                    Epochs = epochs,
                    Seed = seed,
                }
            ).Fit(
                batches,
                heldOut,
                new EndOfEpoch(_ =>
                {
                    scores.Add(Evaluator.Evaluate(network, unseen));
                    for (var task = 0; task < Tasks.Count; task++)
                    {
                        rests[task].Add(hasStopped?.Invoke(task) ?? false);
                    }
                })
            );
            for (var task = 0; task < Tasks.Count; task++)
            {
                var (name, loss) = (Tasks[task].Name, scores[^1].Losses[task]);
                yield return new(setting, $"{name}: batches", counted.StepsOf(task));
                yield return new(setting, $"{name}: stops", Changes(rests[task], stops: true));
                yield return new(setting, $"{name}: restarts", Changes(rests[task], stops: false));
                yield return new(setting, $"{name}: test loss", loss);
                yield return new(setting, $"{name}: above its lowest", loss - scores.Min(score => score.Losses[task]));
                yield return new(setting, $"{name}: test {Tasks[task].Metrics[1].Name}", scores[^1].Metrics[task, 1]);
            }
        }
    }

    /// <summary>Some rows of a part for each task.</summary>
    private static TensorData Part(TensorData data, int smallStart, int smallRows, int largeStart, int largeRows) =>
        TensorData.PerTask(
            Tasks,
            [Rows(data.Input, smallStart, smallRows), Rows(data.Input, largeStart, largeRows)],
            [
                TaskTarget.Of(Rows(data.TargetOf(0).Values, smallStart, smallRows)),
                TaskTarget.Of(Rows(data.TargetOf(1).Values, largeStart, largeRows)),
            ]
        );

    private static Tensor Rows(Tensor values, int start, int rows) =>
        values.narrow(0, start, Math.Min(rows, values.size(0) - start));

    private static int Changes(List<bool> rests, bool stops) =>
        rests.Zip(rests.Skip(1)).Count(pair => pair.First != pair.Second && pair.Second == stops);
}
