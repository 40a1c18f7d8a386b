using Plait.Networks;
using Plait.Torch;

namespace Plait.Training;

/// <summary>A network's parameters and buffers by their names: what is saved of it, and kept of its best epoch.</summary>
public static class NetworkState
{
    private const string Format = "plait-network";

    /// <summary>Writes a network's parameters and buffers to a safetensors file, atomically.</summary>
    /// <exception cref="IOException">It cannot be written; a file that was there is as it was.</exception>
    public static void Save(MultiTaskNetwork network, string path) =>
        AtomicFile.Write(path, stream => Save(network, stream));

    /// <summary>Writes a network's parameters and buffers to a stream, as a safetensors file.</summary>
    public static void Save(MultiTaskNetwork network, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        SafeTensorsFile.Write(stream, Take(network), new Dictionary<string, string> { ["format"] = Format });
    }

    /// <summary>Reads a network's parameters and buffers from a file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or of another network; the network is as it was.</exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static void Load(MultiTaskNetwork network, string path)
    {
        var (state, _) = SafeTensorsFile.Read(path);
        try
        {
            Put(network, state);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"{path}: {failure.Message}", failure);
        }
    }

    internal static StateDictionary Take(torch.nn.Module network)
    {
        var state = new StateDictionary();
        Take(network, state);
        return state;
    }

    internal static void Take(torch.nn.Module network, StateDictionary state)
    {
        foreach (var (name, tensor) in Tensors(network))
        {
            state.Set(name, tensor);
        }
    }

    /// <summary>Copies a state into a network, after it has checked that every tensor fits.</summary>
    internal static void Put(torch.nn.Module network, StateDictionary state)
    {
        var tensors = Tensors(network).ToArray();
        foreach (var (name, tensor) in tensors)
        {
            state.RequireFit(name, tensor);
        }

        foreach (var (name, tensor) in tensors)
        {
            state.CopyTo(name, tensor);
        }
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Tensors(torch.nn.Module network) =>
        network
            .named_parameters()
            .Select(pair => (pair.name, (Tensor)pair.parameter))
            .Concat(network.named_buffers().Select(pair => (pair.name, pair.buffer)));
}
