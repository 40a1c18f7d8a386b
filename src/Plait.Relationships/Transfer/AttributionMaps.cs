namespace Plait.Relationships.Transfer;

/// <summary>Which numbers of each probe count for a network's features.</summary>
internal static class AttributionMaps
{
    /// <summary>One map a probe, of length 1 or all zeros, divided by the root of the probes' number: inner products are mean cosines.</summary>
    /// <returns>[probes x numbers of a probe], of type Float64 on the CPU.</returns>
    public static Tensor Of(ProbedNetwork network, Tensor probes, int? stage, Attribution attribution, double epsilon)
    {
        using var scope = torch.NewDisposeScope();
        using var grad = torch.enable_grad();
        var maps = network.Look(
            probes,
            rows =>
                attribution switch
                {
                    Attribution.Saliency => Gradient(network, rows, stage).abs(),
                    Attribution.GradientInput => Gradient(network, rows, stage).mul(rows),
                    Attribution.Lrp => RelevancePropagation.Of(
                        network.Stages.Take(network.Last(stage) + 1),
                        network.Enter(rows),
                        epsilon,
                        network.Task
                    ),
                    _ => throw new ArgumentOutOfRangeException(
                        nameof(attribution),
                        attribution,
                        "There is no such one."
                    ),
                }
        );
        return RowGeometry
            .UnitRows(maps.flatten(1).to(ScalarType.Float64))
            .div(torch.tensor(Math.Sqrt(probes.size(0))))
            .flatten()
            .MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of the sum of the features, of the rows' shape; rows do not mix, so each has its own.</summary>
    private static Tensor Gradient(ProbedNetwork network, Tensor rows, int? stage)
    {
        var input = rows.clone().requires_grad_();
        var features = network.Features(input, stage);
        torch.autograd.backward([features], [torch.ones_like(features)], inputs: [input]);
        return input.grad ?? torch.zeros_like(rows);
    }
}
