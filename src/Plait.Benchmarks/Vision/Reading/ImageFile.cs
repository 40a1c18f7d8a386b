using Plait.Torch;
using SkiaSharp;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>Reads the pixels of JPEG and PNG files as they are written, without any conversion between spaces of colours.</summary>
/// <remarks>
/// A header is believed only as far as the file's bytes can bear it out, and pixels take no more memory than <see cref="ReadingLimits"/>
/// allow a file of that length, four bytes each.
/// </remarks>
internal static class ImageFile
{
    private const int Channels = 3;
    private const int BytesOfPixel = 4; // red, green, blue, alpha
    private const int PixelsOfByte = 2048; // in a JPEG image at most; one bit for a block of 64 makes 512
    private const int MostScans = 1000; // a progressive JPEG image has some ten, and each goes over all pixels

    private static ReadOnlySpan<byte> StartOfScan => [0xFF, 0xDA];

    /// <summary>A colour image, [3, height, width], bytes; a grey one has three equal channels.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no image, or a damaged one.</exception>
    public static Tensor ReadColour(string path) => Decode(Bytes(path), path, 0, Channels);

    /// <summary>An 8-bit greyscale PNG image, [height, width], bytes.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no image, a damaged one, or of another kind.</exception>
    public static Tensor ReadGrey(string path)
    {
        var bytes = Bytes(path);
        PngImage.Open(bytes, path).RequireGrey();
        return Flat(Decode(bytes, path, 0, 1));
    }

    /// <summary>The class numbers of a palette or 8-bit greyscale PNG image, [height, width], bytes.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no image, a damaged one, or of another kind.</exception>
    public static Tensor ReadIndices(string path) =>
        Flat(Decode(PngImage.Open(Bytes(path), path).AsIndices(), path, 0, 1));

    /// <summary>A 16-bit greyscale PNG image, [height, width], Int32 from 0 to 65,535.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no image, a damaged one, or of another kind.</exception>
    public static Tensor ReadGrey16(string path)
    {
        using var scope = torch.NewDisposeScope();
        var pixels = Decode(PngImage.Open(Bytes(path), path).AsTwoBytes(), path, 0, BytesOfPixel).to(ScalarType.Int32);
        return pixels[0].mul(1 << 8).add(pixels[BytesOfPixel - 1]).MoveToOuterDisposeScope();
    }

    /// <summary>The height and width, from the file's header alone.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no image.</exception>
    public static (long Height, long Width) ReadSize(string path)
    {
        RequireFile(path);
        using var codec = SKCodec.Create(path) ?? throw NoImage(path, File.ReadAllBytes(path));
        return (codec.Info.Height, codec.Info.Width);
    }

    private static Tensor Decode(byte[] file, string path, long firstChannel, long channels)
    {
        if (PngImage.IsOne(file))
        {
            PngImage.Open(file, path);
        }

        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data) ?? throw NoImage(path, file);
        RequireRoom(codec, file, path);
        var info = new SKImageInfo(
            codec.Info.Width,
            codec.Info.Height,
            SKColorType.Rgba8888,
            SKAlphaType.Unpremul // so that alpha leaves the colours alone; no colour space, so that nothing is converted
        );
        var result = codec.GetPixels(info, out var pixels);
        if (result != SKCodecResult.Success)
        {
            throw new InvalidDataException(
                $"'{path}' is a damaged image: found {(result == SKCodecResult.IncompleteInput ? "fewer bytes than its header asks for" : $"bytes that cannot be decoded ({result})")}; expected {info.Height} x {info.Width} pixels."
            );
        }

        using var scope = torch.NewDisposeScope();
        var tensor = torch.empty([info.Height, info.Width, BytesOfPixel], ScalarType.Byte);
        tensor.bytes = pixels;
        return tensor.narrow(2, firstChannel, channels).permute(2, 0, 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Refuses what would take more memory or time than a file of this length may.</summary>
    private static void RequireRoom(SKCodec codec, byte[] file, string path)
    {
        var pixels = (long)codec.Info.Height * codec.Info.Width;
        if (codec.EncodedFormat == SKEncodedImageFormat.Jpeg)
        {
            var scans = file.AsSpan().Count(StartOfScan);
            if (pixels / PixelsOfByte > file.Length || scans > MostScans)
            {
                throw new InvalidDataException(
                    $"'{path}' is a damaged image: it says it has {codec.Info.Height} x {codec.Info.Width} pixels in {scans} scans, which {file.Length} bytes cannot hold."
                );
            }
        }

        new ReadingBudget(path, file.Length).Take(
            pixels > Array.MaxLength / BytesOfPixel ? long.MaxValue : BytesOfPixel * pixels,
            $"{codec.Info.Height} x {codec.Info.Width} pixels"
        );
    }

    private static Tensor Flat(Tensor image)
    {
        using (image)
        {
            return image.squeeze(0);
        }
    }

    private static byte[] Bytes(string path)
    {
        RequireFile(path);
        return File.ReadAllBytes(path);
    }

    private static void RequireFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no image '{path}'.", path);
        }
    }

    private static InvalidDataException NoImage(string path, byte[] file) =>
        new(
            $"'{path}' is no image that can be read: found {(file.Length == 0 ? "an empty file" : $"a start of {Convert.ToHexString(file.AsSpan(0, Math.Min(8, file.Length)))}")}; expected a whole JPEG or PNG image."
        );
}
