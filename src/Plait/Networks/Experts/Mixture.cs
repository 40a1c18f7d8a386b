using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Experts;

/// <summary>Gates that look at features, and weighted sums of what experts say.</summary>
internal static class Mixture
{
    /// <summary>What gates look at: vectors as they are, the mean over the pixels of maps.</summary>
    /// <param name="features">[rows, width] or [rows, readings, width]; with height and width behind, where they are maps.</param>
    public static Tensor Query(Tensor features) => features.dim() < 4 ? features : features.mean([-2, -1]);

    /// <summary>Multiply-adds of a row for gates without bias and the mixtures that they weigh.</summary>
    public static long Macs(long query, long mixtures, long experts, long size) => mixtures * experts * (query + size);

    /// <summary>Softmax gates, computed together.</summary>
    /// <param name="query">[rows, width], the same for all gates, or [rows, gates, width].</param>
    /// <param name="gates">Linear layers without bias.</param>
    /// <returns>[rows, gates, experts], with sum 1 over the experts.</returns>
    public static Tensor Gate(Tensor query, IReadOnlyList<Linear> gates)
    {
        Tensor[] weights = [.. gates.Select(gate => gate.weight!)];
        return query.dim() == 2
            ? functional.linear(query, torch.cat(weights)).view(query.size(0), weights.Length, -1).softmax(-1)
            : query.transpose(0, 1).bmm(torch.stack(weights).transpose(1, 2)).transpose(0, 1).softmax(-1);
    }

    /// <summary>Weighted sums of the same opinions.</summary>
    /// <param name="weights">[rows, mixtures, experts].</param>
    /// <param name="opinions">[rows, experts, ...].</param>
    /// <returns>[rows, mixtures, ...].</returns>
    public static Tensor Of(Tensor weights, Tensor opinions)
    {
        var flat = opinions.dim() == 3 ? opinions : opinions.flatten(2);
        var mixtures = weights.size(1);
        var mixed =
            mixtures == 1
                ? weights.transpose(1, 2).mul(flat).sum(1L, keepdim: true) // batched products of single rows are slow
                : weights.bmm(flat);
        return opinions.dim() == 3 ? mixed : mixed.view([opinions.size(0), mixtures, .. opinions.shape.AsSpan(2)]);
    }

    /// <summary>Weighted sums of opinions that each mixture has for itself.</summary>
    /// <param name="weights">[rows, mixtures, experts of one mixture].</param>
    /// <param name="opinions">[rows, mixtures, experts of one mixture, ...].</param>
    /// <returns>[rows, mixtures, ...].</returns>
    public static Tensor OfOwn(Tensor weights, Tensor opinions)
    {
        for (var axis = weights.dim(); axis < opinions.dim(); axis++)
        {
            weights = weights.unsqueeze(-1);
        }

        return weights.mul(opinions).sum(2L);
    }
}
