namespace Plait.Benchmarks.Reading;

/// <summary>Brings columns to mean 0 and standard deviation 1 over the training rows, so that nothing is learned from the others.</summary>
internal static class Standardisation
{
    /// <summary>Standardises each column.</summary>
    /// <param name="values">[rows, columns].</param>
    /// <param name="trainRows">The rows that the means and deviations are of.</param>
    /// <returns>[rows, columns]; a column that is constant over the training rows is only centred.</returns>
    public static Tensor ByTrainingRows(Tensor values, long[] trainRows)
    {
        using var scope = torch.NewDisposeScope();
        var train = values.index_select(0, torch.tensor(trainRows)).to(ScalarType.Float64);
        var mean = train.mean([0L], keepdim: true);
        var deviation = train.sub(mean).square().mean([0L], keepdim: true).sqrt();
        var scale = torch.where(deviation.gt(0), deviation, torch.ones_like(deviation));
        return values.to(ScalarType.Float64).sub(mean).div(scale).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
