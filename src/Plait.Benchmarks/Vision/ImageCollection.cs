using Plait.Benchmarks.Reading;
using Plait.Benchmarks.Vision.Reading;
using Plait.Data;
using Plait.Tasks;

namespace Plait.Benchmarks.Vision;

/// <summary>Images without targets, all of one size, from a folder or from one file.</summary>
public sealed class ImageCollection : IDisposable
{
    private const int MostChannels = 4; // an axis of more is one of pixels

    private ImageCollection(IReadOnlyList<string> names, Tensor images) => (Names, Images) = (names, images);

    /// <summary>What each image is called: its path in the folder, with / between parts, or its number in the file, from 0.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>[images, channels, height, width], floats; each channel has mean 0 and deviation 1 over all images.</summary>
    public Tensor Images { get; }

    /// <summary>Files of the folder that are no images by their names; those that macOS leaves beside others, ._*, do not count.</summary>
    public int OtherFiles { get; private init; }

    /// <summary>Links to folders, which are not followed: they may lead back, and each image counts once.</summary>
    public int FolderLinks { get; private init; }

    /// <summary>Reads the PNG and JPEG files of a folder and of the folders in it, in the order of their names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="side">Of the square, in pixels, that the middle of each image is brought to; above 0.</param>
    /// <param name="progress">Is told how many are read, and of how many.</param>
    /// <param name="cancel">Stops between images.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no image, or a damaged one.</exception>
    public static ImageCollection OfFolder(
        string folder,
        int side,
        IProgress<(int Read, int All)>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
        }

        var listing = ImageListing.Of(folder);
        var names = listing.Images;
        if (names.Count == 0)
        {
            throw new InvalidDataException(
                $"'{folder}' holds no image; expected {string.Join(", ", ImageListing.Endings)} files."
            );
        }

        using var scope = torch.NewDisposeScope();
        var bytes = torch.zeros([names.Count, 3, side, side], ScalarType.Byte);
        for (var i = 0; i < names.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            using var ofImage = torch.NewDisposeScope();
            bytes[i] = ImageFit.Middle(Read(Path.Combine(folder, names[i])), side);
            progress?.Report((i + 1, names.Count));
        }

        return Of(names, bytes, listing.OtherFiles, listing.FolderLinks);
    }

    /// <summary>Reads one array of images: an NPY file, where it ends so, else one of the MNIST family (IDX), packed or not.</summary>
    /// <param name="path">Of sizes [images, height, width], [images, channels, height, width] or [images, height, width, channels].</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no whole file of that kind, its sizes are others, or a number is not finite.</exception>
    public static ImageCollection OfFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var scope = torch.NewDisposeScope();
        var array = ReadArray(path);
        var images = array.dim() switch
        {
            3 => array.unsqueeze(1),
            4 when array.size(1) <= MostChannels => array,
            4 when array.size(3) <= MostChannels => array.permute(0, 3, 1, 2),
            _ => throw new InvalidDataException(
                $"'{path}' holds an array of sizes {TargetShapes.Text(array.shape)}; expected [images, height, width], or four sizes with one to {MostChannels} channels second or last."
            ),
        };
        if (images.numel() == 0)
        {
            throw new InvalidDataException($"'{path}' holds no image.");
        }

        if (!images.to(ScalarType.Float32).isfinite().all().item<bool>())
        {
            throw new InvalidDataException(
                $"'{path}' holds a number that is not finite; images are finite throughout."
            );
        }

        return Of([.. Enumerable.Range(0, (int)images.size(0)).Select(i => $"{i}")], images);
    }

    /// <summary>Whole numbers, one an image, from an NPY or IDX file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no whole file of that kind, or holds no list of whole numbers.</exception>
    public static long[] ReadClasses(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var scope = torch.NewDisposeScope();
        var array = ReadArray(path);
        return array.dim() == 1 && !array.is_floating_point()
            ? array.to(ScalarType.Int64).data<long>().ToArray()
            : throw new InvalidDataException(
                $"'{path}' holds an array of sizes {TargetShapes.Text(array.shape)} and type {array.dtype}; expected one whole number an image."
            );
    }

    /// <inheritdoc/>
    public void Dispose() => Images.Dispose();

    private static Tensor ReadArray(string path) =>
        path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".npy.gz", StringComparison.OrdinalIgnoreCase)
            ? NpyFile.Read(path)
            : IdxFile.Read(path);

    private static Tensor Read(string image)
    {
        try
        {
            return ImageFile.ReadColour(image);
        }
        catch (IOException) when (new FileInfo(image).LinkTarget is { } target)
        {
            throw new InvalidDataException(
                $"'{image}' is a link to '{target}', where no file can be read; remove the link or put the image there."
            );
        }
    }

    private static ImageCollection Of(
        IReadOnlyList<string> names,
        Tensor images,
        int otherFiles = 0,
        int folderLinks = 0
    )
    {
        var standardised = ImageStandardisation.Of(images).Apply(images);
        return new(names, standardised.contiguous().DetachFromDisposeScope())
        {
            OtherFiles = otherFiles,
            FolderLinks = folderLinks,
        };
    }
}
