using Onnx;
using Plait.Torch;

namespace Plait.Vision;

/// <summary>Finds a residual network of basic blocks in an ONNX graph by walking it from its input to its output.</summary>
/// <remarks>
/// The names in the file say nothing, so each parameter is named after the place of the node that uses it, as torchvision names it.
/// What computes something else than our layers is refused: each node has to be met, with the window, stride, borders and epsilon that
/// our layers have.
/// </remarks>
internal sealed class ResidualGraph
{
    private const int StageCount = 4;

    private static readonly string[] NormalisationParts = ["weight", "bias", "running_mean", "running_var"];

    private readonly OnnxGraph graph;
    private readonly List<int> blocks = [];

    private ResidualGraph(OnnxGraph graph)
    {
        this.graph = graph;
        var value = Stem();
        while (graph.ReadersOf(value) is not [{ OpType: "AveragePool" or "GlobalAveragePool" }])
        {
            value = Block(value);
        }

        Close(value);
    }

    /// <summary>The parameters and running statistics under torchvision's names, as they are in the file.</summary>
    public StateDictionary State { get; } = new();

    /// <summary>Blocks of each stage.</summary>
    public IReadOnlyList<int> Blocks => blocks;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It is no ONNX model, or one of another network.</exception>
    public static ResidualGraph Read(string path) => Of(OnnxGraph.Read(path));

    /// <summary>Reads a graph.</summary>
    /// <exception cref="InvalidDataException">It is that of another network.</exception>
    internal static ResidualGraph Of(OnnxGraph graph) => new(graph);

    private string Stem()
    {
        var normalised = Unit(graph.OnlyReader(graph.Input, "Conv"), "conv1", "bn1", window: 7, stride: 2);
        var pooling = graph.OnlyReader(graph.OnlyReader(normalised, "Relu").Output[0], "MaxPool");
        CheckWindow(pooling, window: 3, stride: 2);
        return pooling.Output[0];
    }

    /// <summary>A block: two convolutions, and around them nothing or, where a stage begins, one of 1 x 1.</summary>
    private string Block(string value)
    {
        var readers = graph.ReadersOf(value);
        var wide = readers.Where(node => OnnxGraph.Window(node) == 3).ToArray();
        var narrow = readers.Where(node => OnnxGraph.Window(node) == 1).ToArray();
        if (wide.Length != 1 || narrow.Length > 1 || readers.Count != 2)
        {
            throw graph.Refusal(
                $"'{value}' is read by {string.Join(", ", readers.Select(node => node.OpType).DefaultIfEmpty("nothing"))}, where a block of two 3 x 3 convolutions should begin"
            );
        }

        Array.ForEach([.. wide, .. narrow], graph.Meet);
        var begins = narrow.Length == 1;
        if (begins || blocks.Count == 0)
        {
            blocks.Add(0);
        }

        blocks[^1]++;
        var place = $"layer{blocks.Count}.{blocks[^1] - 1}.";
        var stride = begins ? 2 : 1;
        var first = Unit(wide[0], place + "conv1", place + "bn1", 3, stride);
        var second = graph.OnlyReader(graph.OnlyReader(first, "Relu").Output[0], "Conv");
        var branch = Unit(second, place + "conv2", place + "bn2", 3, 1);
        var shortcut = begins ? Unit(narrow[0], place + "downsample.0", place + "downsample.1", 1, stride) : value;
        var sum = graph.OnlyReader(branch, "Add");
        return sum
            .Input.Order(StringComparer.Ordinal)
            .SequenceEqual(new[] { branch, shortcut }.Order(StringComparer.Ordinal))
            ? graph.OnlyReader(sum.Output[0], "Relu").Output[0]
            : throw graph.Refusal($"'{sum.Name}' does not add the shortcut '{shortcut}' to the branch '{branch}'");
    }

    private void Close(string value)
    {
        if (blocks.Count != StageCount)
        {
            throw graph.Refusal($"it has {blocks.Count} stages and not {StageCount}");
        }

        var pooling = graph.ReadersOf(value)[0];
        graph.Meet(pooling);
        if (pooling.OpType == "AveragePool" && OnnxGraph.Window(pooling) != graph.ImageSide >> (blocks.Count + 1))
        {
            throw graph.Refusal($"'{pooling.Name}' averages a part of the map and not the whole");
        }

        graph.CheckEnd(pooling.Output[0]);
    }

    /// <summary>A convolution without bias and the normalisation after it.</summary>
    /// <returns>The value that leaves it.</returns>
    private string Unit(NodeProto convolution, string filters, string normalisation, int window, int stride)
    {
        CheckWindow(convolution, window, stride);
        if (convolution.Input.Count != 2 || OnnxGraph.Integers(convolution, "group") is not ([] or [1]))
        {
            throw graph.Refusal($"'{convolution.Name}' has a bias or groups of channels");
        }

        State.Set($"{filters}.weight", graph.Numbers(convolution.Input[1]));
        var norm = graph.OnlyReader(convolution.Output[0], "BatchNormalization");
        if (Math.Abs(OnnxGraph.Epsilon(norm) - 1e-5) > 1e-8)
        {
            throw graph.Refusal($"'{norm.Name}' has an epsilon of {OnnxGraph.Epsilon(norm)} and not of 1e-05");
        }

        foreach (var (part, name) in NormalisationParts.Zip(norm.Input.Skip(1)))
        {
            State.Set($"{normalisation}.{part}", graph.Numbers(name));
        }

        return norm.Output[0];
    }

    /// <summary>
    /// Borders of half a window on all sides are ours. A window of stride 2 that starts there reads one pixel less beyond the end of a map of
    /// even size, so files of one image size may leave that pixel out: the numbers are the same.
    /// </summary>
    private void CheckWindow(NodeProto node, int window, int stride)
    {
        var border = window / 2;
        long[] pads = [.. OnnxGraph.Integers(node, "pads")];
        var ends = pads.Length == 4 ? pads[2..] : [-1];
        if (
            !OnnxGraph.Integers(node, "kernel_shape").SequenceEqual([window, window])
            || !OnnxGraph.Integers(node, "strides").SequenceEqual([stride, stride])
            || OnnxGraph.Integers(node, "dilations").Any(dilation => dilation != 1)
            || pads.Length != 4
            || pads[0] != border
            || pads[1] != border
            || Array.Exists(ends, end => end != border && (stride == 1 || end != border - 1))
        )
        {
            throw graph.Refusal(
                $"'{node.Name}' is no {window} x {window} window at stride {stride} with borders of {border}"
            );
        }
    }
}
