using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Relationships.Grouping;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;
using static TorchSharp.torch;

namespace Plait.Bench;

/// <summary>What measuring task affinities adds to a training of the plain sum of eight tasks.</summary>
internal static class AffinityCost
{
    private const int Steps = 40;
    private const int Tasks = 8;

    private static readonly string[] Callbacks =
    [
        "",
        "tag:interval=10",
        "tag:interval=10,share=1",
        "gradient-cosine:interval=10",
    ];

    public static void Run(int rounds)
    {
        MethodCatalog.Add(typeof(AffinityCallback).Assembly);
        var numbers = new TaskSet(Enumerable.Range(0, Tasks).Select(i => LearningTask.Regression($"y{i}")));
        var digits = new TaskSet(Enumerable.Range(0, Tasks).Select(i => LearningTask.Classification($"y{i}", 10)));
        Measure("mlp", Data(numbers, 512, [64]), () => new Mlp(64, [256, 256]), 512, rounds);
        Measure("lenet", Data(digits, 256, [1, 36, 36]), () => new LeNet([1, 36, 36]), 256, rounds);
    }

    private static void Measure(string name, TensorData data, Func<Encoder> encoder, int batchSize, int rounds)
    {
        var network = new HardSharing(data.Tasks, encoder());
        TurnByTurn.Print(
            $"{name}, {Tasks} tasks",
            [.. Callbacks.Select(observer => observer.Length == 0 ? "plain" : observer)],
            TurnByTurn.Measure(
                [.. Callbacks.Select(observer => (Action)(() => Fit(network, data, batchSize, observer)))],
                rounds
            )
        );
    }

    private static TensorData Data(TaskSet tasks, int batchSize, long[] shape)
    {
        var rows = Steps * batchSize;
        return TensorData.Shared(
            tasks,
            randn([rows, .. shape]),
            [
                .. tasks.Select(task =>
                    TaskTarget.Of(
                        task.Output.Channels == 1 ? randn(rows, 1) : randint(10, [rows], dtype: ScalarType.Int64)
                    )
                ),
            ]
        );
    }

    private static void Fit(MultiTaskNetwork network, TensorData data, int batchSize, string observer)
    {
        using var batches = data.Batches(batchSize);
        var recipe = new Recipe
        {
            Epochs = 1,
            GradientRecordInterval = 0,
            Callbacks = observer.Length == 0 ? [] : [MethodCatalog.Create<TrainingCallback>(observer)],
        };
        new Trainer(network, recipe).Fit(batches);
    }
}
