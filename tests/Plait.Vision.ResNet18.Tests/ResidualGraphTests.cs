using Google.Protobuf;
using Onnx;
using Plait.Networks.Encoders;

namespace Plait.Vision.Tests;

/// <summary>The walk through a graph, on small networks whose parameters are known.</summary>
[Collection("torch")]
public sealed class ResidualGraphTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(2, 2, 2, 2)]
    [InlineData(2, 2, 2, 3)]
    [InlineData(1, 2, 1, 1)]
    public void Each_parameter_gets_the_name_of_its_place(params int[] blocks)
    {
        using var encoder = Trained(blocks);
        using var read = Small(blocks);
        var model = SmallModel.Of(encoder, folder.File("small.safetensors"));
        File.WriteAllBytes(folder.File("small.onnx"), model.ToByteArray());

        var graph = ResidualGraph.Read(folder.File("small.onnx"));
        EncoderWeights.Load(read, graph.State, "small.onnx");

        Assert.Equal(blocks, graph.Blocks);
        using var image = torch.rand(1, 3, 64, 64);
        using var expected = encoder.call(image);
        using var found = read.call(image);
        Assert.Equal(expected.data<float>().ToArray(), found.data<float>().ToArray());
    }

    [Fact]
    public void Raw_bytes_are_read_as_numbers_are()
    {
        using var encoder = Trained([1, 1, 1, 1]);
        var model = SmallModel.Of(encoder, folder.File("small.safetensors"));
        var numbers = ResidualGraph.Of(new OnnxGraph("small", model)).State;
        foreach (var tensor in model.Graph.Initializer)
        {
            tensor.RawData = ByteString.CopyFrom([.. tensor.FloatData.SelectMany(BitConverter.GetBytes)]);
            tensor.FloatData.Clear();
        }

        var raw = ResidualGraph.Of(new OnnxGraph("small", model)).State;

        Assert.Equal(numbers.Names, raw.Names);
        Assert.All(raw.Names, name => Assert.Equal(numbers.Bytes(name), raw.Bytes(name)));
    }

    public static TheoryData<string, string> Others =>
        new()
        {
            { "stride", "'node9' is no 3 x 3 window at stride 2 with borders of 1" },
            { "borders", "'node4' is no 3 x 3 window at stride 1 with borders of 1" },
            { "pooling", "'node3' is no 3 x 3 window at stride 2 with borders of 1" },
            { "dilation", "'node4' is no 3 x 3 window at stride 1 with borders of 1" },
            { "epsilon", "'node1' has an epsilon of 0.001 and not of 1e-05" },
            { "bias", "'node0' has a bias or groups of channels" },
            { "activation", "'value1' is read by Sigmoid and not by one Relu" },
            { "shortcut", "does not add the shortcut" },
            { "more", "it also computes 'other' (Softmax)" },
            { "output", "'value38' is not its only output" },
            { "part", "averages a part of the map and not the whole" },
            { "stages", "it has 1 stages and not 4" },
            { "circle", "comes twice on the way" },
            { "half", "'parameter0' is no tensor of single precision in the file" },
            { "torn", "'parameter0' has 1 numbers for [2, 3, 7, 7]" },
            { "absent", "'parameter0' is no tensor of single precision in the file" },
            { "empty", "it has no input" },
        };

    [Theory]
    [MemberData(nameof(Others))]
    public void A_graph_that_computes_something_else_is_refused(string change, string message)
    {
        using var encoder = Trained([1, 1, 1, 1]);
        var model = SmallModel.Of(encoder, folder.File("small.safetensors"));
        ResidualGraph.Of(new OnnxGraph("small.onnx", model)); // is none yet
        Change(model, change);

        var refused = Assert.Throws<InvalidDataException>(() => ResidualGraph.Of(new OnnxGraph("small.onnx", model)));

        Assert.StartsWith("small.onnx: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static void Change(ModelProto model, string change)
    {
        var graph = model.Graph;
        var stem = SmallModel.NodeOf(model, "Conv");
        var first = SmallModel.NodeOf(model, "Conv", 1);
        switch (change)
        {
            case "stride": // of the first 3 x 3 convolution of the second stage, as some networks have it in the second
                var strided = graph.Node.First(node => node.OpType == "Conv" && IsStrided(node, 3));
                SmallModel.AttributeOf(strided, "strides").Ints[0] = 1;
                strided.Name = "node9";
                break;
            case "borders":
                SmallModel.AttributeOf(first, "pads").Ints[3] = 0;
                break;
            case "pooling":
                SmallModel.AttributeOf(SmallModel.NodeOf(model, "MaxPool"), "pads").Ints[0] = 0;
                break;
            case "dilation":
                var dilations = new AttributeProto { Name = "dilations" };
                dilations.Ints.AddRange([2, 2]);
                first.Attribute.Add(dilations);
                break;
            case "epsilon":
                SmallModel.AttributeOf(SmallModel.NodeOf(model, "BatchNormalization"), "epsilon").F = 1e-3f;
                break;
            case "bias":
                stem.Input.Add("parameter1");
                break;
            case "activation":
                SmallModel.NodeOf(model, "Relu").OpType = "Sigmoid";
                break;
            case "shortcut":
                SmallModel.NodeOf(model, "Add", 1).Input[1] = "parameter1";
                break;
            case "more":
                var other = new NodeProto { Name = "other", OpType = "Softmax" };
                other.Input.Add(graph.Output[0].Name);
                graph.Node.Add(other);
                break;
            case "output":
                graph.Output[0].Name = "value1";
                break;
            case "part":
                graph.Input[0].Type.TensorType.Shape.Dim[3].DimValue = 64;
                break;
            case "stages":
                var relu = graph.Node.IndexOf(SmallModel.NodeOf(model, "Add")) + 1;
                while (graph.Node.Count > relu + 2)
                {
                    graph.Node.RemoveAt(relu + 1);
                }

                graph.Node[^1].Input[0] = graph.Node[relu].Output[0];
                break;
            case "circle":
                graph.Node[^2].Output[0] = SmallModel.NodeOf(model, "MaxPool").Output[0];
                break;
            case "half":
                graph.Initializer[0].DataType = (int)TensorProto.Types.DataType.Float16;
                break;
            case "torn":
                graph.Initializer[0].FloatData.Clear();
                graph.Initializer[0].FloatData.Add(1);
                break;
            case "absent":
                graph.Initializer.RemoveAt(0);
                break;
            default:
                graph.Input.Clear();
                break;
        }
    }

    private static bool IsStrided(NodeProto node, long window) =>
        SmallModel.AttributeOf(node, "strides").Ints[0] == 2
        && SmallModel.AttributeOf(node, "kernel_shape").Ints[0] == window;

    private static ResNet18 Small(int[] blocks)
    {
        var encoder = new ResNet18([3, 64, 64], width: 2, blocks: blocks);
        encoder.eval();
        return encoder;
    }

    /// <summary>One whose running statistics are not what they start from.</summary>
    private static ResNet18 Trained(int[] blocks)
    {
        var encoder = Small(blocks);
        encoder.train();
        using (torch.NewDisposeScope())
        {
            encoder.call(torch.rand(4, 3, 64, 64));
        }

        encoder.eval();
        return encoder;
    }
}
