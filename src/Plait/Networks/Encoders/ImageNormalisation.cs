namespace Plait.Networks.Encoders;

/// <summary>What is subtracted from each channel of an image from 0 to 1, and what is divided by afterwards: loaded weights expect the one they were trained with.</summary>
/// <param name="Mean">One a channel.</param>
/// <param name="Deviation">One a channel, above 0.</param>
public sealed record ImageNormalisation(IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    /// <summary>The name of <see cref="ImageNet"/> in specifications.</summary>
    public const string ImageNetName = "imagenet";

    /// <summary>What leaves images as they are, in specifications.</summary>
    public const string NoneName = "as-they-are";

    /// <summary>The mean and deviation of ImageNet's red, green and blue, with which torchvision's weights were trained.</summary>
    public static ImageNormalisation ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Reads a name; null for none.</summary>
    /// <exception cref="FormatException">There is no such normalisation.</exception>
    public static ImageNormalisation? Parse(string? name) =>
        name switch
        {
            null or NoneName => null,
            ImageNetName => ImageNet,
            _ => throw new FormatException(
                $"There is no normalisation of images '{name}'; choose from {ImageNetName}, {NoneName}."
            ),
        };

    /// <summary>Normalises images.</summary>
    /// <param name="images">[rows, channels, height, width], from 0 to 1.</param>
    public Tensor Apply(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = torch.NewDisposeScope();
        return images.sub(PerChannel(Mean, images)).div(PerChannel(Deviation, images)).MoveToOuterDisposeScope();
    }

    private static Tensor PerChannel(IReadOnlyList<float> numbers, Tensor images) =>
        torch.tensor(numbers.ToArray(), images.dtype, images.device).view(1, numbers.Count, 1, 1);
}
