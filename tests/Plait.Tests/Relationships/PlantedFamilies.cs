using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Relationships;
using Plait.Relationships.Transfer;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Tests.Relationships;

/// <summary>Tasks in families: those of one family are functions of the same few hidden features of the input, those of others of other ones.</summary>
/// <remarks>
/// The input is normal noise. Each family draws directions of its own, and its hidden features are tanh of the input along them, times
/// 2. A task is a mixture of all of its family's features by weights of 1 to 2, scaled to variance 1, with noise; a yes-or-no task is its
/// sign. The weights have signs of their own, so tasks of one family need not correlate. Tasks come in turn, one of each family, and the names tell none.
/// </remarks>
public sealed class PlantedFamilies : IDisposable
{
    private const double Noise = 0.1;
    private const double Steepness = 2;

    private PlantedFamilies(TensorData data, int[] families)
    {
        Data = data;
        Families = families;
    }

    /// <summary>All tasks on the same rows.</summary>
    public TensorData Data { get; }

    /// <summary>For each task, the number of its family.</summary>
    public IReadOnlyList<int> Families { get; }

    public static PlantedFamilies Make(
        int seed,
        int families = 3,
        int tasksEach = 3,
        int rows = 1024,
        int inputs = 12,
        int features = 3,
        bool binary = false
    )
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator((ulong)seed, torch.CPU);
        var input = Normal(rows, inputs);
        Tensor[] hidden =
        [
            .. Enumerable
                .Range(0, families)
                .Select(_ =>
                {
                    var directions = Normal(inputs, features);
                    directions = directions.div(directions.square().sum([0L], keepdim: true).sqrt());
                    return input.mm(directions).mul(Steepness).tanh();
                }),
        ];
        int[] ofTask = [.. Enumerable.Range(0, families * tasksEach).Select(task => task % families)];
        var tasks = new TaskSet(
            ofTask.Select((_, task) => binary ? LearningTask.Binary($"t{task}") : LearningTask.Regression($"t{task}"))
        );
        TaskTarget[] targets = [.. ofTask.Select(family => TaskTarget.Of(Target(hidden[family])))];
        return new PlantedFamilies(TensorData.Shared(tasks, input, targets), ofTask);

        Tensor Normal(long first, long second) => torch.randn([first, second], generator: generator);

        Tensor Target(Tensor seen)
        {
            var mixture = torch
                .rand([seen.size(1), 1], generator: generator)
                .add(1)
                .mul(Normal(seen.size(1), 1).sign());
            var mixed = seen.mm(mixture).squeeze(1);
            var scaled = mixed.sub(mixed.mean()).div(mixed.std());
            var noisy = scaled.add(torch.randn([seen.size(0)], generator: generator), Noise);
            return binary ? noisy.gt(0).to(ScalarType.Float32) : noisy;
        }
    }

    /// <summary>Trains one small network for each task.</summary>
    public IReadOnlyList<ProbedNetwork> TrainEach(int seed, int[]? widths = null, int epochs = 30) =>
        [
            .. Data.Tasks.Select(task =>
            {
                using var own = Data.SelectTasks([task.Name]);
                return ProbedNetwork.Of(Train(own, seed, widths, epochs)).Single();
            }),
        ];

    /// <summary>Trains one network for all tasks.</summary>
    public HardSharing TrainTogether(int seed, int[]? widths = null, int epochs = 30) =>
        Train(Data, seed, widths, epochs);

    /// <summary>How well the families come out of a matrix of affinities, by average linkage.</summary>
    public double Recovered(AffinityMatrix affinities) =>
        AdjustedRandIndex.Of(Families, Dendrogram.Of(affinities).Cut(Families.Distinct().Count()));

    public void Dispose() => Data.Dispose();

    private static HardSharing Train(TensorData data, int seed, int[]? widths, int epochs)
    {
        torch.manual_seed(seed);
        var network = new HardSharing(data.Tasks, new Mlp(data.Input.size(1), widths ?? [32, 32]));
        var recipe = new Recipe
        {
            Optimizer = new AdamOptimizer(learningRate: 5e-3),
            Epochs = epochs,
            Seed = seed,
            GradientRecordInterval = 0,
        };
        using var batches = data.Batches(128, shuffleSeed: seed);
        new Trainer(network, recipe).Fit(batches);
        return network;
    }
}
