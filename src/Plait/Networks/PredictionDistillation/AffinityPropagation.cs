using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>Spreads one task's features over pixels that are alike by a learned mixture of all tasks' affinities.</summary>
/// <remarks>
/// Zhang et al. 2019, PAP: A = Σ_s ω_s A_s with Σ ω = 1 (cross-task propagation), then x ← β A x + (1 − β) x some times (task-specific
/// propagation). Rows of A sum to one, so a map of one value stays as it is. The mixture starts even.
/// </remarks>
internal sealed class AffinityPropagation : Module<Tensor, Tensor, Tensor>, ICountsMacs
{
    private const string Mixture = "mixture";

    private readonly int iterations;
    private readonly double beta;

    /// <summary>Builds the mixture.</summary>
    public AffinityPropagation(int tasks, int iterations, double beta)
        : base(nameof(AffinityPropagation))
    {
        this.iterations = iterations;
        this.beta = beta;
        using var scope = torch.NewDisposeScope();
        var logits = Parameter(torch.zeros(tasks));
        register_parameter(Mixture, logits);
        logits.DetachFromDisposeScope();
    }

    /// <summary>The spread features, of the map's shape.</summary>
    /// <param name="affinities">[tasks, rows, pixels, pixels].</param>
    /// <param name="map">[rows, channels, height, width].</param>
    public override Tensor forward(Tensor affinities, Tensor map)
    {
        using var scope = torch.NewDisposeScope();
        long[] pairs = affinities.shape[1..];
        var weights = get_parameter(Mixture)!.softmax(0).unsqueeze(0); // [1, tasks]
        var mixed = weights.mm(affinities.view(affinities.size(0), -1)).view(pairs).transpose(1, 2);
        var x = map.flatten(2); // [rows, channels, pixels]
        for (var i = 0; i < iterations; i++)
        {
            x = x.bmm(mixed).mul_(beta).add_(x, 1 - beta);
        }

        return x.view(map.shape).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public long MacsOf(Tensor input, Tensor output) => input.numel() + (iterations * output.numel() * input.size(3));
}
