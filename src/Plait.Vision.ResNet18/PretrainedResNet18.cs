using System.Reflection;
using Plait.Networks.Encoders;

namespace Plait.Vision;

/// <summary>A residual network that was trained on ImageNet, from the NuGet package Microsoft.ML.DnnImageFeaturizer.ResNet18.</summary>
/// <remarks>
/// <para>The package (MIT) holds the network as CNTK trained it, without its classifier, in an ONNX file. It has torchvision's layout with
/// one block more in the last stage, 2-2-2-3, so it is <c>resnet18:blocks=2-2-2-3</c> here and does not fit torchvision's resnet18.</para>
/// <para>It was trained on blue, green and red from 0 to 255, less a mean image. The first filters are rewritten for red, green and blue
/// that <see cref="ImageNormalisation.ImageNet"/> has normalised, as torchvision's weights expect them. The mean image, which has one size
/// only, gives way to ImageNet's mean: <c>docs/decisions/0011-vision.md</c> says how far apart they are.</para>
/// </remarks>
public static class PretrainedResNet18
{
    private const string Package = "Microsoft.ML.DnnImageFeaturizer.ResNet18";
    private const string FileName = "ResNet18.onnx";
    private const float Levels = 255; // the network's numbers for an image's 1

    /// <summary>Where the package's file is, beside the program or in the package cache; null where it is in neither.</summary>
    public static string? ModelFile => Places.FirstOrDefault(File.Exists);

    /// <summary>Makes the encoder; it normalises images from 0 to 1, in red, green and blue, itself.</summary>
    /// <param name="inputShape">The shape of one image, [3, height, width].</param>
    /// <param name="outputStride">Pixels of the image for one of the last map, at most; stages beyond dilate. For dense tasks 8 or 16.</param>
    /// <param name="pool">Whether global average pooling closes the network; false for dense tasks.</param>
    /// <param name="model">The ONNX file; <see cref="ModelFile"/> when null.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message says how to come by it.</exception>
    /// <exception cref="InvalidDataException">It is another network, or images do not have three channels.</exception>
    public static Encoder Create(
        IReadOnlyList<long> inputShape,
        int outputStride = 32,
        bool pool = true,
        string? model = null
    )
    {
        var path = model ?? ModelFile ?? throw Missing();
        var graph = ResidualGraph.Read(path);
        using (torch.NewDisposeScope())
        {
            graph.State.Set("conv1.weight", ForNormalisedImages(graph.State.Tensor("conv1.weight")));
        }

        var encoder = new ResNet18(inputShape, outputStride: outputStride, pool: pool, blocks: [.. graph.Blocks]);
        try
        {
            EncoderWeights.Load(encoder, graph.State, path);
            encoder.Normalisation = ImageNormalisation.ImageNet;
            return encoder;
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>Writes the weights to a safetensors file with torchvision's names, for <see cref="EncoderWeights.Load(Encoder, string)"/> and <c>--encoder-weights</c>.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="model">The ONNX file; <see cref="ModelFile"/> when null.</param>
    /// <returns>The encoder that the weights belong to, as <c>--encoder</c> takes it.</returns>
    /// <exception cref="FileNotFoundException">There is no such ONNX file; the message says how to come by it.</exception>
    /// <exception cref="InvalidDataException">It is another network.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static string Save(string path, string? model = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var encoder = Create([3, 224, 224], model: model);
        EncoderWeights.Save(encoder, path);
        return $"resnet18:blocks={string.Join('-', encoder.Stages.Skip(1).Select(CountBlocks))}";
    }

    /// <summary>Filters over blue, green and red from 0 to 255, less a mean, made ones over red, green and blue normalised by ImageNet's mean and deviation.</summary>
    /// <param name="filters">[filters, 3, height, width].</param>
    internal static Tensor ForNormalisedImages(Tensor filters)
    {
        var scales = torch.tensor([.. ImageNormalisation.ImageNet.Deviation.Select(deviation => deviation * Levels)]);
        return filters.flip(1).mul(scales.view(1, -1, 1, 1));
    }

    private static int CountBlocks(torch.nn.Module stage) => stage.children().Count(part => part.children().Any());

    private static IEnumerable<string> Places =>
        [
            Path.Combine(AppContext.BaseDirectory, FileName),
            Path.Combine(
                PackageCache,
                Package.ToLowerInvariant(),
                PackageVersion,
                "tools",
                "DnnImageModels",
                "ResNet18Onnx",
                FileName
            ),
        ];

    private static string PackageCache =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } moved
            ? moved
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string PackageVersion =>
        typeof(PretrainedResNet18)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(metadata => metadata.Key == "ResNet18PackageVersion")
            .Value!;

    private static FileNotFoundException Missing() =>
        new(
            $"{FileName} is in none of {string.Join(", ", Places)}; run dotnet restore, which downloads {Package} {PackageVersion}, or name the file."
        );
}
