namespace Plait.Benchmarks.Reading;

/// <summary>Brings each channel of images to mean 0 and standard deviation 1 over the training part.</summary>
internal sealed class ImageStandardisation
{
    private const int RowsAtOnce = 256; // bounds the memory of the sums

    private readonly Tensor mean;
    private readonly Tensor deviation;

    private ImageStandardisation(Tensor mean, Tensor deviation) => (this.mean, this.deviation) = (mean, deviation);

    /// <summary>Measures the training part.</summary>
    /// <param name="images">[rows, channels, height, width], bytes.</param>
    /// <returns>It lives in the dispose scope that is open.</returns>
    public static ImageStandardisation Of(Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        var sum = torch.zeros([images.shape[1]], ScalarType.Float64);
        var squares = torch.zeros_like(sum);
        foreach (var some in images.split(RowsAtOnce))
        {
            using var inner = torch.NewDisposeScope();
            var values = some.to(ScalarType.Float64);
            sum.add_(values.sum([0L, 2L, 3L]));
            squares.add_(values.square().sum([0L, 2L, 3L]));
        }

        double count = images.numel() / images.shape[1];
        var mean = sum.div(count);
        var variance = squares.div(count).sub(mean.square());
        return new(
            PerChannel(mean),
            PerChannel(torch.where(variance.gt(0), variance, torch.ones_like(variance)).sqrt())
        );
    }

    /// <summary>Standardised images, as floats; a channel that is constant over the training part is only centred.</summary>
    /// <param name="images">[rows, channels, height, width], bytes.</param>
    public Tensor Apply(Tensor images) => images.to(ScalarType.Float32).sub_(mean).div_(deviation);

    private static Tensor PerChannel(Tensor values) =>
        values.to(ScalarType.Float32).view(1, -1, 1, 1).MoveToOuterDisposeScope();
}
