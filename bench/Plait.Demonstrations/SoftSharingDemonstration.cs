using Plait.Networks;
using Plait.Networks.SharedTrunk;
using Plait.Networks.SingleTasking;
using Plait.Optimization.Regularization;
using Plait.Optimization.Scheduling;

namespace Plait.Demonstrations;

/// <summary>A network for a task with few rows, drawn towards that of a task with many, against networks apart and one for both.</summary>
internal sealed class SoftSharingDemonstration : Demonstration
{
    /// <inheritdoc/>
    public override string Name => "soft-sharing";

    /// <inheritdoc/>
    public override string Claim =>
        "Weights that are drawn towards those of a related task with many rows help a task with few, the more the fewer it has (Duong et al. 2015).";

    /// <summary>Rows of the large task.</summary>
    public int LargeRows { get; init; } = 1000;

    /// <summary>Rows of the small task, in one experiment each.</summary>
    public IReadOnlyList<int> SmallRows { get; init; } = [40, 150, 400];

    /// <summary>How much the features of both tasks, and their sums, resemble each other, from 0 to 1.</summary>
    public double Likeness { get; init; } = 0.98;

    /// <summary>The strengths of the penalty.</summary>
    public IReadOnlyList<double> Strengths { get; init; } = [1e-3, 1e-2, 1e-1, 1];

    /// <summary>Passes over the rows of the large task.</summary>
    public int Epochs { get; init; } = 30;

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed) => [.. SmallRows.SelectMany(rows => Run(rows, seed))];

    private List<Observation> Run(int smallRows, int seed)
    {
        using var scope = torch.NewDisposeScope();
        using var data = new DrawnTasks([LargeRows, smallRows], Likeness, Likeness, seed);
        return
        [
            .. Train("separate", new SingleTask(data.Tasks, DrawnTasks.Encoder(seed))),
            .. Strengths.SelectMany(strength =>
                Train(
                    $"soft, {strength}",
                    new SingleTask(data.Tasks, DrawnTasks.Encoder(seed)),
                    new SoftSharing(strength)
                )
            ),
            .. Train("hard", new HardSharing(data.Tasks, DrawnTasks.Encoder(seed))),
        ];

        IEnumerable<Observation> Train(string name, MultiTaskNetwork network, params Regularizer[] regularizers)
        {
            using var inner = torch.NewDisposeScope();
            using var _ = network;
            var errors = data.Fit(network, new Joint(), Epochs, seed, regularizers: regularizers);
            return
            [
                new($"{name}; {smallRows} rows", "distance of the encoders", Distance(network)),
                new($"{name}; {smallRows} rows", "test error, large task", errors[0]),
                new($"{name}; {smallRows} rows", "test error, small task", errors[1]),
            ];
        }
    }

    /// <summary>How far apart the weights of both encoders are, relative to the length of the large task's.</summary>
    private static double Distance(MultiTaskNetwork network)
    {
        using var noGrad = torch.no_grad();
        var large = Weights(0);
        return (large.sub(Weights(1)).norm() / large.norm()).ToDouble();

        Tensor Weights(int task) =>
            torch.cat([.. network.EncoderOf(task)!.parameters().Select(parameter => parameter.flatten())]);
    }
}
