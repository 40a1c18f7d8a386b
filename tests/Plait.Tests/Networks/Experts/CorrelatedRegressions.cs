using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Networks.Experts;

/// <summary>Two regressions whose weights have a chosen cosine: the synthetic data of Ma et al. 2018, section 3.3.</summary>
internal static class CorrelatedRegressions
{
    private const int Waves = 4;
    private const double Noise = 0.1; // a variance of 0.01

    public static TaskSet Tasks { get; } = new(LearningTask.Regression("first"), LearningTask.Regression("second"));

    /// <summary>y = w x + Σ sin(α_i w x + β_i) + ε with w₁ = c u₁ and w₂ = c (ρ u₁ + √(1 − ρ²) u₂) for orthogonal unit u₁ and u₂.</summary>
    /// <param name="inputs">Numbers a row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="correlation">ρ, from -1 to 1.</param>
    /// <param name="seed">Fixes u₁ and u₂.</param>
    /// <param name="rowSeed">Fixes the rows.</param>
    public static TensorData Draw(int inputs, int rows, double correlation, long seed, long rowSeed)
    {
        using var scope = torch.NewDisposeScope();
        using var ofWeights = new torch.Generator((ulong)seed);
        using var ofRows = new torch.Generator((ulong)rowSeed);
        var directions = torch.linalg.qr(torch.randn([inputs, 2], generator: ofWeights)).Q;
        var (first, second) = (directions.select(1, 0), directions.select(1, 1));
        Tensor[] weights = [first, (correlation * first) + (Math.Sqrt(1 - (correlation * correlation)) * second)];
        var x = torch.randn([rows, inputs], generator: ofRows);
        return TensorData.Shared(
            Tasks,
            x,
            [
                .. weights.Select(w =>
                {
                    var linear = x.mv(w);
                    var y = linear + (Noise * torch.randn([rows], generator: ofRows));
                    for (var wave = 1; wave <= Waves; wave++)
                    {
                        y += (linear * wave).add(wave).sin();
                    }

                    return TaskTarget.Of(y.unsqueeze(1));
                }),
            ]
        );
    }
}
