using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace Plait.Vision;

/// <summary>The graph of an ONNX file, with who reads which value, and what has been met on a walk through it.</summary>
internal sealed class OnnxGraph
{
    private readonly string path;
    private readonly GraphProto graph;
    private readonly ILookup<string, NodeProto> readers;
    private readonly Dictionary<string, TensorProto> initializers;
    private readonly HashSet<NodeProto> met = new(ReferenceEqualityComparer.Instance);

    /// <summary>Looks at a model.</summary>
    /// <param name="path">What messages call it.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidDataException">Its graph has no input.</exception>
    public OnnxGraph(string path, ModelProto model)
    {
        this.path = path;
        graph = model.Graph ?? new GraphProto();
        readers = graph
            .Node.SelectMany(node => node.Input.Select(value => (value, node)))
            .ToLookup(pair => pair.value, pair => pair.node, StringComparer.Ordinal);
        initializers = graph
            .Initializer.GroupBy(tensor => tensor.Name, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Last(), StringComparer.Ordinal);
        Input =
            graph.Input.Select(input => input.Name).FirstOrDefault(name => !initializers.ContainsKey(name))
            ?? throw Refusal("it has no input");
    }

    /// <summary>The value that the network reads.</summary>
    public string Input { get; }

    /// <summary>Pixels of a side of the images that the file is made for; 0 where it does not say.</summary>
    public long ImageSide =>
        graph.Input.First(input => input.Name == Input).Type?.TensorType?.Shape?.Dim.LastOrDefault()?.DimValue ?? 0;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It is no ONNX model.</exception>
    public static OnnxGraph Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return new OnnxGraph(path, ModelProto.Parser.ParseFrom(stream));
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new InvalidDataException($"{path}: not an ONNX model ({failure.Message.TrimEnd('.')}).", failure);
        }
    }

    /// <summary>The nodes that read a value.</summary>
    public IReadOnlyList<NodeProto> ReadersOf(string value) => [.. readers[value]];

    /// <summary>The one node that reads a value, which is then met.</summary>
    /// <exception cref="InvalidDataException">There is none, or several, or it computes something else.</exception>
    public NodeProto OnlyReader(string value, string operation)
    {
        if (ReadersOf(value) is not [var node] || node.OpType != operation)
        {
            throw Refusal(
                $"'{value}' is read by {string.Join(", ", ReadersOf(value).Select(node => node.OpType).DefaultIfEmpty("nothing"))} and not by one {operation}"
            );
        }

        Meet(node);
        return node;
    }

    /// <summary>Notes that a node is part of the network.</summary>
    /// <exception cref="InvalidDataException">It was met before: the graph goes in a circle. Or it gives nothing.</exception>
    public void Meet(NodeProto node)
    {
        if (!met.Add(node) || node.Output.Count == 0)
        {
            throw Refusal($"'{node.Name}' comes twice on the way, or gives nothing");
        }
    }

    /// <summary>Checks that a walk is over.</summary>
    /// <exception cref="InvalidDataException">The value is not the network's output, or a node was not met.</exception>
    public void CheckEnd(string value)
    {
        if (graph.Output.Count != 1 || graph.Output[0].Name != value)
        {
            throw Refusal($"'{value}' is not its only output");
        }

        if (graph.Node.FirstOrDefault(node => !met.Contains(node)) is { } other)
        {
            throw Refusal($"it also computes '{other.Name}' ({other.OpType})");
        }
    }

    /// <summary>A stored tensor.</summary>
    /// <exception cref="InvalidDataException">It is not stored in the file, not of single precision, or torn.</exception>
    public Tensor Numbers(string name)
    {
        if (!initializers.TryGetValue(name, out var stored) || stored.DataType != (int)TensorProto.Types.DataType.Float)
        {
            throw Refusal($"'{name}' is no tensor of single precision in the file");
        }

        var numbers =
            stored.FloatData.Count > 0
                ? stored.FloatData.ToArray()
                : MemoryMarshal.Cast<byte, float>(stored.RawData.Span).ToArray();
        long[] shape = [.. stored.Dims];
        return shape.All(size => size > 0) && shape.Aggregate(1L, (product, size) => product * size) == numbers.Length
            ? torch.tensor(numbers, shape)
            : throw Refusal($"'{name}' has {numbers.Length} numbers for [{string.Join(", ", shape)}]");
    }

    /// <summary>What makes the file another network than the one that is looked for.</summary>
    public InvalidDataException Refusal(string what) =>
        new(
            $"{path}: {what}; expected a residual network of basic blocks such as ResNet18.onnx of Microsoft.ML.DnnImageFeaturizer.ResNet18."
        );

    /// <summary>Pixels of a side of a node's window; 0 for a node without one, or with one that is not square.</summary>
    public static long Window(NodeProto node) =>
        Integers(node, "kernel_shape") is [var height, var width] && height == width ? height : 0;

    /// <summary>A list of whole numbers, or one, among a node's attributes; empty where there is none.</summary>
    public static IReadOnlyList<long> Integers(NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == name) is not { } found ? []
        : found.Ints.Count > 0 ? [.. found.Ints]
        : [found.I];

    /// <summary>What a normalisation adds to the variance.</summary>
    public static float Epsilon(NodeProto node) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == "epsilon")?.F ?? 1e-5f;
}
