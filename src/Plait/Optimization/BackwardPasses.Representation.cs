using Plait.Networks;

namespace Plait.Optimization;

/// <content>What ends, or begins, at the shared representation.</content>
internal sealed partial class BackwardPasses
{
    private Tensor? atRepresentation; // the task gradients there, once somebody asked, [tasks, numbers]

    /// <inheritdoc/>
    public override Tensor RepresentationRows()
    {
        if (atRepresentation is not null)
        {
            return atRepresentation;
        }

        using var scope = torch.NewDisposeScope();
        var parts = AtRepresentation().Select((ofTasks, part) => Stack(ofTasks, RequireCut().Values[part])).ToArray();
        return atRepresentation = (parts.Length == 1 ? parts[0] : torch.cat(parts, 1)).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor?[][] AtRepresentation()
    {
        var parts = new Tensor?[RequireCut().Values.Count][];
        ThroughHeads();
        for (var part = 0; part < parts.Length; part++)
        {
            parts[part] = new Tensor?[losses.Count];
            for (var i = 0; i < losses.Count; i++)
            {
                parts[part][i] = LeafGradient(i, part);
            }
        }

        return parts;
    }

    /// <inheritdoc/>
    public override double[] RepresentationGramian()
    {
        var sum = new double[losses.Count * losses.Count];
        foreach (var ofTasks in AtRepresentation())
        {
            var products = InnerProducts.Of(ofTasks);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += products[i];
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public override void FromRepresentation(Tensor upstream)
    {
        ThroughHeads();
        var values = RequireCut().Values;
        var seeds = upstream.split([.. values.Select(value => value.numel())]);
        torch.autograd.backward([.. values], [.. values.Select((value, part) => seeds[part].view(value.shape))]);
    }

    /// <inheritdoc/>
    public override void Dispose() => ForgetRepresentation();

    private void ThroughTrunk(ReadOnlySpan<double> factors)
    {
        if (atRepresentation is not null)
        {
            var vector = torch.tensor(
                factors.ToArray(),
                dtype: atRepresentation.dtype,
                device: atRepresentation.device
            );
            FromRepresentation(atRepresentation.t().mv(vector));
            return;
        }

        var values = new List<Tensor>(cut!.Values.Count);
        var seeds = new List<Tensor>(cut.Values.Count);
        for (var part = 0; part < cut.Values.Count; part++)
        {
            var there = new List<Tensor>(losses.Count);
            var times = new List<double>(losses.Count);
            for (var i = 0; i < losses.Count; i++)
            {
                if (factors[i] != 0 && LeafGradient(i, part) is { } gradient)
                {
                    there.Add(gradient);
                    times.Add(factors[i]);
                }
            }

            values.Add(cut.Values[part]);
            seeds.Add(WeightedSum.Of([.. there], [.. times], cut.Values[part]));
        }

        torch.autograd.backward(values, seeds);
    }

    private void ForgetRepresentation()
    {
        atRepresentation?.Dispose();
        atRepresentation = null;
    }

    private static Tensor Stack(Tensor?[] ofTasks, Tensor value) =>
        torch.stack([.. ofTasks.Select(own => own ?? torch.zeros_like(value))]).flatten(1);

    private SharedRepresentation RequireCut() =>
        cut
        ?? throw new InvalidOperationException(
            "This network has no single shared representation to take gradients at, or was not cut there: take them at the parameters instead."
        );
}
