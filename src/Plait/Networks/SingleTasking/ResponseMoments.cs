namespace Plait.Networks.SingleTasking;

/// <summary>Adds up the responses of filters and their products, for their principal components.</summary>
internal sealed class ResponseMoments
{
    private Tensor? sum; // [channels]
    private Tensor? products; // [channels, channels]
    private long count;

    /// <summary>Takes in more responses, each pixel one.</summary>
    /// <param name="responses">[rows, channels, height, width].</param>
    public void Add(Tensor responses)
    {
        using var scope = torch.NewDisposeScope();
        var columns = responses.detach().transpose(0, 1).flatten(1).to(ScalarType.Float64); // [channels, pixels]
        var (added, ofPairs) = (columns.sum(dim: 1L), columns.mm(columns.t()));
        sum = Replace(sum, added);
        products = Replace(products, ofPairs);
        count += columns.size(1);
    }

    /// <summary>An orthogonal matrix whose columns are the directions of the responses' variance, the largest first, [channels, channels].</summary>
    public Tensor Components()
    {
        using var scope = torch.NewDisposeScope();
        var mean = sum!.div(count);
        var (_, vectors) = torch.linalg.eigh(products!.div(count).sub(mean.outer(mean)));
        sum!.Dispose();
        products!.Dispose();
        return vectors.flip(1).contiguous().MoveToOuterDisposeScope();
    }

    private static Tensor Replace(Tensor? total, Tensor more) =>
        total is null ? more.DetachFromDisposeScope() : total.add_(more);
}
