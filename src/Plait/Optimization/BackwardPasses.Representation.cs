using Plait.Networks;

namespace Plait.Optimization;

/// <content>What ends, or begins, at the shared representation.</content>
internal sealed partial class BackwardPasses
{
    private Tensor? atRepresentation; // the task gradients there, once somebody asked, [tasks, numbers]

    /// <summary>The task gradients by the shared representation, [tasks, its numbers]; leaves the trunk's graph as it is.</summary>
    /// <exception cref="InvalidOperationException">The network was not cut.</exception>
    public Tensor RepresentationRows()
    {
        if (atRepresentation is not null)
        {
            return atRepresentation;
        }

        using var scope = torch.NewDisposeScope();
        var values = RequireCut().Values;
        ThroughHeads();
        var parts = new Tensor[values.Count];
        for (var part = 0; part < parts.Length; part++)
        {
            var ofTasks = Enumerable
                .Range(0, losses.Count)
                .Select(i => LeafGradient(i, part) ?? torch.zeros_like(values[part]));
            parts[part] = torch.stack(ofTasks).flatten(1);
        }

        return atRepresentation = (parts.Length == 1 ? parts[0] : torch.cat(parts, 1)).DetachFromDisposeScope();
    }

    /// <summary>The inner products of the task gradients by the shared representation; leaves the trunk's graph as it is.</summary>
    /// <exception cref="InvalidOperationException">The network was not cut.</exception>
    public double[] RepresentationGramian()
    {
        var parts = RequireCut().Values.Count;
        ThroughHeads();
        var sum = new double[losses.Count * losses.Count];
        for (var part = 0; part < parts; part++)
        {
            var products = InnerProducts.Of([.. Enumerable.Range(0, losses.Count).Select(i => LeafGradient(i, part))]);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += products[i];
            }
        }

        return sum;
    }

    /// <summary>Goes back through the trunk from a gradient by the shared representation; uses the graph up.</summary>
    /// <param name="upstream">[numbers of the representation].</param>
    public void FromRepresentation(Tensor upstream)
    {
        ThroughHeads();
        var values = RequireCut().Values;
        var seeds = upstream.split([.. values.Select(value => value.numel())]);
        torch.autograd.backward([.. values], [.. values.Select((value, part) => seeds[part].view(value.shape))]);
    }

    /// <summary>Releases the gradients at the representation.</summary>
    public void Forget()
    {
        atRepresentation?.Dispose();
        atRepresentation = null;
    }

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

        var given = factors.ToArray();
        var values = new List<Tensor>(cut!.Values.Count);
        var seeds = new List<Tensor>(cut.Values.Count);
        for (var part = 0; part < cut.Values.Count; part++)
        {
            if (!cut.Values[part].requires_grad)
            {
                continue;
            }

            var there = Enumerable
                .Range(0, losses.Count)
                .Where(i => given[i] != 0 && LeafGradient(i, part) is not null)
                .ToArray();
            var seed = WeightedSum.Of(
                [.. there.Select(i => LeafGradient(i, part)!)],
                Array.ConvertAll(there, i => given[i]),
                cut.Values[part]
            );
            values.Add(cut.Values[part]);
            seeds.Add(seed);
        }

        if (values.Count > 0)
        {
            torch.autograd.backward(values, seeds);
        }
    }

    private SharedRepresentation RequireCut() =>
        cut
        ?? throw new InvalidOperationException(
            "This network has no single shared representation to take gradients at, or was not cut there: take them at the parameters instead."
        );
}
