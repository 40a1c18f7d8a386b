using System.Globalization;
using Onnx;
using Plait.Networks.Encoders;
using Plait.Torch;

namespace Plait.Vision.Tests;

/// <summary>ONNX models of small residual networks, in the form of the package's: names that say nothing, and borders as images of even size need them.</summary>
internal static class SmallModel
{
    /// <summary>The model of an encoder, with the image side for which it ends in one pixel.</summary>
    public static ModelProto Of(ResNet18 encoder, string file)
    {
        EncoderWeights.Save(encoder, file);
        var state = SafeTensorsFile.Read(file).State;
        var graph = new GraphProto();
        graph.Input.Add(Image(32));
        var value = Convolved(graph, state, "image", "conv1", "bn1", 7, 2);
        value = Window(graph, "MaxPool", [Node(graph, "Relu", [value])], 3, 2);
        for (var layer = 1; layer <= 4; layer++)
        {
            for (var block = 0; state.Contains($"layer{layer}.{block}.conv1.weight"); block++)
            {
                var place = $"layer{layer}.{block}.";
                var begins = layer > 1 && block == 0;
                var stride = begins ? 2 : 1;
                var shortcut = begins
                    ? Convolved(graph, state, value, place + "downsample.0", place + "downsample.1", 1, 2)
                    : value;
                var branch = Convolved(graph, state, value, place + "conv1", place + "bn1", 3, stride);
                branch = Node(graph, "Relu", [branch]);
                branch = Convolved(graph, state, branch, place + "conv2", place + "bn2", 3, 1);
                value = Node(graph, "Relu", [Node(graph, "Add", [branch, shortcut])]);
            }
        }

        value = Node(graph, "AveragePool", [value], Integers("kernel_shape", 1, 1));
        graph.Output.Add(new ValueInfoProto { Name = value });
        return new ModelProto { Graph = graph };
    }

    /// <summary>The one convolution that computes a block's second half, or any other node by its operation and place among those.</summary>
    public static NodeProto NodeOf(ModelProto model, string operation, int place = 0) =>
        model.Graph.Node.Where(node => node.OpType == operation).ElementAt(place);

    /// <summary>An attribute of a node.</summary>
    public static AttributeProto AttributeOf(NodeProto node, string name) =>
        node.Attribute.Single(attribute => attribute.Name == name);

    private static ValueInfoProto Image(long side)
    {
        var shape = new TensorShapeProto();
        foreach (var size in (long[])[1, 3, side, side])
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        }

        return new ValueInfoProto
        {
            Name = "image",
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { Shape = shape } },
        };
    }

    private static string Convolved(
        GraphProto graph,
        StateDictionary state,
        string value,
        string filters,
        string normalisation,
        int window,
        int stride
    )
    {
        var convolved = Window(graph, "Conv", [value, Stored(graph, state, $"{filters}.weight")], window, stride);
        string[] parts =
        [
            .. ((string[])["weight", "bias", "running_mean", "running_var"]).Select(part =>
                Stored(graph, state, $"{normalisation}.{part}")
            ),
        ];
        return Node(
            graph,
            "BatchNormalization",
            [convolved, .. parts],
            new AttributeProto { Name = "epsilon", F = 1e-5f }
        );
    }

    private static string Window(GraphProto graph, string operation, string[] inputs, int window, int stride)
    {
        var (start, end) = (window / 2, Math.Max(0, (window / 2) - (stride - 1)));
        return Node(
            graph,
            operation,
            inputs,
            Integers("kernel_shape", window, window),
            Integers("strides", stride, stride),
            Integers("pads", start, start, end, end)
        );
    }

    private static AttributeProto Integers(string name, params long[] numbers)
    {
        var attribute = new AttributeProto { Name = name };
        attribute.Ints.AddRange(numbers);
        return attribute;
    }

    private static string Node(GraphProto graph, string operation, string[] inputs, params AttributeProto[] attributes)
    {
        var value = string.Create(CultureInfo.InvariantCulture, $"value{graph.Node.Count}");
        var node = new NodeProto { Name = $"node{graph.Node.Count}", OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.Add(value);
        node.Attribute.AddRange(attributes);
        graph.Node.Add(node);
        return value;
    }

    private static string Stored(GraphProto graph, StateDictionary state, string name)
    {
        using var tensor = state.Tensor(name);
        var stored = new TensorProto
        {
            Name = $"parameter{graph.Initializer.Count}",
            DataType = (int)TensorProto.Types.DataType.Float,
        };
        stored.Dims.AddRange(tensor.shape);
        stored.FloatData.AddRange(tensor.data<float>().ToArray());
        graph.Initializer.Add(stored);
        return stored.Name;
    }
}
