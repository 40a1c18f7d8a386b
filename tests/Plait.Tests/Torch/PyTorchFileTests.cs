using CsCheck;
using Plait.Torch;

namespace Plait.Tests.Torch;

[Collection("torch")]
public sealed class PyTorchFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("plait-pytorch").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_libtorch_itself_saves_is_read()
    {
        using var scope = torch.NewDisposeScope();
        var path = Path.Combine(folder, "saved.pt");
        // torch.save of TorchScript is PyTorch's own writer.
        using var program = torch.jit.compile(
            $"""
            def write(a: Tensor, b: Tensor, c: Tensor) -> None:
                d: Dict[str, Tensor] = dict([("transposed", a.t()), ("half", b), ("count", c), ("part", a[1:, 2]), ("again", a)])
                torch.save(d, '{path}')

            """
        );
        var matrix = torch.randn(3, 4);
        var half = torch.randn(5).to(ScalarType.Float16);
        program.invoke("write", matrix, half, torch.tensor(42L));

        Assert.True(PyTorchFile.IsOne(path));
        var state = PyTorchFile.Read(path);

        Assert.Equal(["again", "count", "half", "part", "transposed"], state.Names);
        Assert.True(matrix.t().equal(state.Tensor("transposed")).all().item<bool>());
        Assert.True(matrix.equal(state.Tensor("again")).all().item<bool>());
        Assert.True(matrix.narrow(0, 1, 2).select(1, 2).equal(state.Tensor("part")).all().item<bool>());
        Assert.True(half.equal(state.Tensor("half")).all().item<bool>());
        Assert.Equal(42, state.Tensor("count").item<long>());
        Assert.Empty(state.Tensor("count").shape);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("legacy")]
    [InlineData("wrapped")]
    public void A_state_dictionary_comes_back_as_it_was(string format)
    {
        using var scope = torch.NewDisposeScope();
        (string, Tensor)[] tensors =
        [
            ("conv1.weight", torch.randn(4, 3, 2, 2)),
            ("bn1.num_batches_tracked", torch.tensor(7L)),
            ("fc.weight", torch.randn([2, 3], ScalarType.Float64)),
            ("empty", torch.empty(0, 3)),
        ];
        var path = File(Bytes(format, tensors));

        Assert.True(PyTorchFile.IsOne(path));
        var state = PyTorchFile.Read(path);

        Assert.Equal(tensors.Select(pair => pair.Item1).Order(StringComparer.Ordinal), state.Names);
        foreach (var (name, tensor) in tensors)
        {
            Assert.Equal(tensor.dtype, state.Tensor(name).dtype);
            Assert.Equal(tensor.shape, state.Tensor(name).shape);
            Assert.True(tensor.equal(state.Tensor(name)).all().item<bool>());
        }
    }

    [Fact]
    public void Nothing_that_a_file_names_is_called()
    {
        // os.system("touch harmed"), as an attack would write it.
        var harmed = Path.Combine(folder, "harmed");
        byte[] pickle =
        [
            0x80,
            2,
            (byte)'c',
            .. "os\nsystem\n"u8,
            (byte)'X',
            (byte)(6 + harmed.Length),
            0,
            0,
            0,
            .. System.Text.Encoding.ASCII.GetBytes("touch " + harmed),
            0x85,
            (byte)'R',
            (byte)'.',
        ];

        var refused = Refused(PythonCheckpoint.ZipOf(pickle));

        Assert.Contains("a Python object of os.system and no dictionary of tensors", refused, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(harmed));
    }

    [Theory]
    [InlineData("torchvision.models.resnet\nResNet\n)\u0081}b.", "a Python object of torchvision.models.resnet.ResNet")]
    [InlineData("collections\nOrderedDict\n)R.", "a dictionary and no dictionary of tensors")]
    public void A_whole_model_or_an_empty_dictionary_is_refused_with_what_to_save(string rest, string found)
    {
        byte[] pickle = [0x80, 2, (byte)'c', .. rest.Select(one => (byte)one)];

        var refused = Refused(PythonCheckpoint.ZipOf(pickle));

        Assert.Contains(found, refused, StringComparison.Ordinal);
        Assert.Contains("torch.save(model.state_dict(), file)", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Instructions_of_other_pickles_are_named()
    {
        var refused = Refused(PythonCheckpoint.ZipOf([0x80, 2, (byte)'I', (byte)'1', (byte)'\n', (byte)'.']));
        Assert.Contains("byte 2 of a pickle is 0x49", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_in_another_order_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        Assert.Contains(
            "big-endian",
            Refused(PythonCheckpoint.BigEndian(("a", torch.ones(2)))),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("legacy")]
    public void A_file_cut_short_anywhere_is_refused(string format)
    {
        using var scope = torch.NewDisposeScope();
        var bytes = Bytes(format, [("a", torch.randn(3)), ("b", torch.randn(2, 2))]);

        for (var length = 5; length < bytes.Length; length += 7)
        {
            Refused(bytes[..length]);
        }
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("legacy")]
    public void A_damaged_file_is_read_or_refused_and_nothing_else(string format)
    {
        byte[] bytes;
        using (torch.NewDisposeScope())
        {
            bytes = Bytes(format, [("a", torch.randn(3)), ("b", torch.randn(2, 2))]);
        }

        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte)
            .Array[1, 3]
            .Sample(
                changes =>
                {
                    var damaged = bytes.ToArray();
                    foreach (var (place, value) in changes)
                    {
                        damaged[place] = value;
                    }

                    var path = File(damaged);
                    try
                    {
                        PyTorchFile.Read(path);
                    }
                    catch (InvalidDataException refused)
                    {
                        Assert.StartsWith(path, refused.Message, StringComparison.Ordinal);
                        Assert.DoesNotContain('\n', refused.Message);
                    }
                },
                iter: 1000,
                threads: 1
            );
    }

    private static byte[] Bytes(string format, (string, Tensor)[] tensors) =>
        format switch
        {
            "zip" => PythonCheckpoint.Zip(tensors),
            "legacy" => PythonCheckpoint.Legacy(tensors),
            _ => PythonCheckpoint.Wrapped(tensors),
        };

    private string Refused(byte[] bytes)
    {
        var path = File(bytes);
        var refused = Assert.Throws<InvalidDataException>(() => PyTorchFile.Read(path));
        Assert.StartsWith(path, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        return refused.Message;
    }

    private string File(byte[] bytes)
    {
        var path = Path.Combine(folder, "file.pth");
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }
}
