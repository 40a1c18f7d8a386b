namespace Plait.Optimization;

/// <summary>Adds up how far task gradients agree, over parts of their numbers.</summary>
internal sealed class ComplianceTally
{
    private const long Chunk = 1 << 20; // numbers of a gradient at a time, so that little memory is taken beside the gradients

    private double sum;
    private long count;

    /// <summary>The mean over the numbers that some task moves; 1 where none does.</summary>
    public double Ratio => count == 0 ? 1 : sum / count;

    /// <summary>Adds a part.</summary>
    /// <param name="gradients">[tasks, numbers].</param>
    public void Add(Tensor gradients)
    {
        for (var start = 0L; start < gradients.size(1); start += Chunk)
        {
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            var part = gradients.narrow(1, start, Math.Min(Chunk, gradients.size(1) - start));
            Add(part.sum(dim: 0L), part.abs().sum(dim: 0L));
        }
    }

    /// <summary>Adds a part.</summary>
    /// <param name="gradients">One a task, of one shape; null is zero.</param>
    public void Add(IEnumerable<Tensor?> gradients)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var there = gradients.OfType<Tensor>().ToArray();
        if (there.Length == 0)
        {
            return;
        }

        var (total, sizes) = (torch.zeros_like(there[0]), torch.zeros_like(there[0]));
        foreach (var gradient in there)
        {
            total.add_(gradient);
            using var size = gradient.abs();
            sizes.add_(size);
        }

        Add(total, sizes);
    }

    private void Add(Tensor total, Tensor sizes)
    {
        var moved = sizes.gt(0);
        count += moved.sum().item<long>();
        sum += total.abs().div(sizes.where(moved, torch.ones_like(sizes))).sum(ScalarType.Float64).item<double>();
    }
}
