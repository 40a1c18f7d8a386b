using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Plait.Tests.Torch;

/// <summary>Writes what torch.save(model.state_dict(), file) writes in Python, byte by byte, in the format of today and in that before PyTorch 1.6.</summary>
internal sealed class PythonCheckpoint
{
    private readonly MemoryStream pickle = new();
    private readonly List<(string Key, long Count, byte[] Bytes)> storages = [];
    private readonly bool isLegacy;

    private PythonCheckpoint(bool isLegacy)
    {
        this.isLegacy = isLegacy;
        Write(0x80, 2);
    }

    public static byte[] Zip(params IEnumerable<(string Name, Tensor Tensor)> tensors) => Make(false, tensors, null);

    public static byte[] Legacy(params IEnumerable<(string Name, Tensor Tensor)> tensors) => Make(true, tensors, null);

    /// <summary>A training checkpoint: the epoch, the arguments (an object of a class that only its program knows), and the state.</summary>
    public static byte[] Wrapped(params IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        WrappedAs("state_dict", tensors);

    /// <summary>The same with the state under a name of one's choice.</summary>
    public static byte[] WrappedAs(string wrapper, IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        Make(false, tensors, wrapper);

    /// <summary>An archive with any pickle in it.</summary>
    public static byte[] ZipOf(byte[] pickle)
    {
        var file = new PythonCheckpoint(false);
        file.pickle.SetLength(0);
        file.pickle.Write(pickle);
        return file.Archive("little");
    }

    public static byte[] BigEndian(params IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        var file = new PythonCheckpoint(false);
        file.Dictionary(tensors);
        file.Write('.');
        return file.Archive("big");
    }

    private static byte[] Make(bool isLegacy, IEnumerable<(string, Tensor)> tensors, string? wrapper)
    {
        var file = new PythonCheckpoint(isLegacy);
        if (wrapper is not null)
        {
            file.Write('}', '(');
            file.Text("epoch");
            file.Write('K', 9);
            file.Text("best");
            file.Write('G', 0x3f, 0xe8, 0, 0, 0, 0, 0, 0); // 0.75
            file.Text("args");
            file.Class("argparse", "Namespace");
            file.Write(')', 0x81, '}', '(');
            file.Text("lr");
            file.Write('N', 'u', 'b');
            file.Text(wrapper);
            file.Dictionary(tensors);
            file.Write('u');
        }
        else
        {
            file.Dictionary(tensors);
        }

        file.Write('.');
        return isLegacy ? file.Pickles() : file.Archive("little");
    }

    private void Dictionary(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        Class("collections", "OrderedDict");
        Write(')', 'R', 'q', 7, '(');
        foreach (var (name, tensor) in tensors)
        {
            Text(name);
            Tensor(tensor);
        }

        Write('u', '}'); // the state of the dictionary object: its versions
        Text("_metadata");
        Write('h', 7, 's', 'b');
    }

    private void Tensor(Tensor tensor)
    {
        using var local = tensor.detach().cpu().contiguous();
        var (key, count) = ($"{storages.Count}", tensor.numel());
        storages.Add((key, count, local.bytes.ToArray()));
        Class("torch._utils", "_rebuild_tensor_v2");
        Write('(', '(');
        Text("storage");
        Class(
            "torch",
            tensor.dtype switch
            {
                ScalarType.Int64 => "LongStorage",
                ScalarType.Float16 => "HalfStorage",
                ScalarType.Float64 => "DoubleStorage",
                _ => "FloatStorage",
            }
        );
        Text(key);
        Text("cpu");
        Number(count);
        if (isLegacy)
        {
            Write('N');
        }

        Write('t', 'Q', 'K', 0, '(');
        foreach (var size in tensor.shape)
        {
            Number(size);
        }

        Write('t', '(');
        foreach (var stride in local.stride())
        {
            Number(stride);
        }

        Write('t', 0x89);
        Class("collections", "OrderedDict");
        Write(')', 'R', 't', 'R');
    }

    private byte[] Archive(string order)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("archive/data.pkl", pickle.ToArray());
            Add("archive/byteorder", Encoding.ASCII.GetBytes(order));
            foreach (var (key, _, bytes) in storages)
            {
                Add($"archive/data/{key}", bytes);
            }

            Add("archive/version", "3\n"u8.ToArray());

            void Add(string name, byte[] bytes)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }

        return file.ToArray();
    }

    private byte[] Pickles()
    {
        using var file = new MemoryStream();
        file.Write([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.']);
        file.Write([0x80, 2, (byte)'M', 0xe9, 0x03, (byte)'.']);
        file.Write([0x80, 2, (byte)'}', (byte)'.']); // the machine's properties
        file.Write(pickle.ToArray());
        var keys = new PythonCheckpoint(true);
        keys.Write(']', '(');
        foreach (var (key, _, _) in storages)
        {
            keys.Text(key);
        }

        keys.Write('e', '.');
        file.Write(keys.pickle.ToArray());
        Span<byte> count = stackalloc byte[8];
        foreach (var storage in storages)
        {
            BinaryPrimitives.WriteInt64LittleEndian(count, storage.Count);
            file.Write(count);
            file.Write(storage.Bytes);
        }

        return file.ToArray();
    }

    private void Class(string module, string name)
    {
        Write('c');
        pickle.Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Write('X');
        Little(bytes.Length);
        pickle.Write(bytes);
    }

    private void Number(long number)
    {
        Write('J');
        Little((int)number);
    }

    private void Little(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        pickle.Write(bytes);
    }

    private void Write(params int[] bytes) => pickle.Write([.. bytes.Select(one => (byte)one)]);
}
