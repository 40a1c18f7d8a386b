using Plait.Networks.Encoders;
using Plait.Testing;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Torch;

[Collection("torch")]
public sealed class StoredFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("plait-stored").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_pipe_is_refused_at_once_whatever_is_to_be_read_from_it()
    {
        var path = Path.Combine(folder, "checkpoint.safetensors");
        Pipe.Make(path);
        using var encoder = new Mlp(4, [3]);

        Refused(() => StoredFile.OpenRead(path).Dispose());
        Refused(() => SafeTensorsFile.Read(path));
        Refused(() => PyTorchFile.Read(path));
        Refused(() => EncoderWeights.Load(encoder, path));
        Refused(() => new CheckpointFolder(folder).Read(null));

        void Refused(Action read)
        {
            var refused = Assert.Throws<InvalidDataException>(read);
            Assert.StartsWith($"{path}: this is a pipe or a device", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
        }
    }

    [Fact]
    public void A_device_and_a_folder_are_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "devices in folders are a matter of Linux");
        Assert.Contains(
            "a pipe or a device",
            Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Read("/dev/zero")).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "this is a folder",
            Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Read(folder)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_link_to_a_file_is_read()
    {
        File.WriteAllText(Path.Combine(folder, "file"), "text");
        File.CreateSymbolicLink(Path.Combine(folder, "link"), "file");
        Assert.Equal("text", StoredFile.ReadAllText(Path.Combine(folder, "link")));
    }
}
