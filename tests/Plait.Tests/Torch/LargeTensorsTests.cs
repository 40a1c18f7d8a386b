using Plait.Torch;

namespace Plait.Tests.Torch;

[Collection("torch")]
public sealed class LargeTensorsTests : IDisposable
{
    private const int ShortPiece = 16;
    private const long Gibibyte = 1L << 30;

    private static readonly Dictionary<string, string> Metadata = new() { ["format"] = "test" };

    private readonly string folder = Directory.CreateTempSubdirectory("plait-large").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(ShortPiece, LargeBytes.PieceLength)]
    [InlineData(LargeBytes.PieceLength, ShortPiece)]
    [InlineData(24, ShortPiece)]
    public void Tensors_of_several_pieces_are_written_and_read_to_the_bit(int written, int read)
    {
        using var generator = new torch.Generator(3);
        using var scope = torch.NewDisposeScope();
        Tensor[] tensors =
        [
            torch.randn([3, 7], ScalarType.Float32, generator: generator),
            torch.randn([5], ScalarType.Float64, generator: generator),
            torch.arange(9, ScalarType.Int64).gt(4),
            torch.tensor(7L),
            torch.zeros(0, 4),
        ];
        var state = new StateDictionary();
        for (var i = 0; i < tensors.Length; i++)
        {
            state.Set(
                $"{i}",
                new StateEntry(tensors[i].dtype, tensors[i].shape, LargeBytes.Of(tensors[i], pieceLength: written))
            );
        }

        using var file = new MemoryStream();
        SafeTensorsFile.Write(file, state, Metadata);
        file.Position = 0;
        var (taken, metadata) = SafeTensorsFile.Read(file, pieceLength: read);

        Assert.Equal(Metadata, metadata);
        Assert.Equal(read == ShortPiece ? 6 : 1, taken.Entry("0").Bytes.Pieces.Count);
        for (var i = 0; i < tensors.Length; i++)
        {
            var tensor = taken.Tensor($"{i}");
            Assert.Equal(tensors[i].dtype, tensor.dtype);
            Assert.Equal(tensors[i].shape, tensor.shape);
            Assert.Equal(tensors[i].bytes.ToArray(), tensor.bytes.ToArray());
        }
    }

    [Fact]
    public void The_checksum_covers_every_piece()
    {
        var state = new StateDictionary();
        using var tensor = torch.arange(10, ScalarType.Int64);
        state.Set("a", tensor);
        using var file = new MemoryStream();
        SafeTensorsFile.Write(file, state, Metadata);
        var bytes = file.ToArray();
        for (var back = 1; back <= 80; back += ShortPiece)
        {
            var damaged = bytes.ToArray();
            damaged[^back] ^= 1;
            Assert.Throws<InvalidDataException>(() =>
                SafeTensorsFile.Read(new MemoryStream(damaged), pieceLength: ShortPiece)
            );
        }
    }

    /// <summary>Three gigabytes in two tensors, one of them longer than any array.</summary>
    [Fact]
    [Trait("category", "slow")]
    public void A_file_longer_than_two_gigabytes_is_written_and_read()
    {
        Assert.SkipUnless(new DriveInfo(folder).AvailableFreeSpace > 6 * Gibibyte, $"needs 6 GiB of disk in {folder}");
        Assert.SkipUnless(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 12 * Gibibyte, "needs 12 GiB of memory");
        var path = Path.Combine(folder, "large.safetensors");
        Write(path);

        var (state, _) = SafeTensorsFile.Read(path);

        Assert.True(new FileInfo(path).Length > 3 * Gibibyte);
        using var longest = state.Tensor("long");
        Assert.Equal([1 + (2 * Gibibyte)], longest.shape);
        Assert.Equal((1, 7, 2), (longest[0].item<byte>(), longest[Gibibyte].item<byte>(), longest[-1].item<byte>()));
        Assert.Equal(3, state.Bytes("short")[^1]);
    }

    private static void Write(string path)
    {
        var state = new StateDictionary();
        using (var tensor = torch.zeros(1 + (2 * Gibibyte), ScalarType.Byte))
        {
            tensor[0] = 1;
            tensor[Gibibyte] = 7;
            tensor[-1] = 2;
            state.Set("long", tensor);
        }

        using (var tensor = torch.zeros(Gibibyte, ScalarType.Byte))
        {
            tensor[-1] = 3;
            state.Set("short", tensor);
        }

        SafeTensorsFile.Write(path, state, Metadata);
    }
}
