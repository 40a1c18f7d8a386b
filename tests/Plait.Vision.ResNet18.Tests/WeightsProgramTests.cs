namespace Plait.Vision.Tests;

/// <summary>What the program says of a wrong command line and of wrong files.</summary>
public sealed class WeightsProgramTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("nothing")]
    [InlineData("--out x.safetensors", "--out", "x.safetensors")]
    [InlineData("a b c", "a", "b", "c")]
    public void A_wrong_command_line_is_told_the_right_one(string said, params string[] args)
    {
        var (code, error) = Run(args);

        Assert.Equal(2, code);
        Assert.Equal($"usage: Plait.Vision.ResNet18 FILE.safetensors [ResNet18.onnx]; got {said}\n", error);
    }

    [Fact]
    public void A_file_that_is_no_model_is_named()
    {
        var (weights, model) = (folder.File("weights.safetensors"), folder.File("text.onnx"));
        File.WriteAllText(model, "no model");

        var (code, error) = Run(weights, model);

        Assert.Equal(1, code);
        Assert.StartsWith($"{model}: ", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(letter => letter == '\n'));
        Assert.False(File.Exists(weights));
    }

    [Fact]
    public void A_model_that_is_not_there_is_named()
    {
        var (code, error) = Run(folder.File("weights.safetensors"), folder.File("absent.onnx"));

        Assert.Equal(1, code);
        Assert.Contains("absent.onnx", error, StringComparison.Ordinal);
    }

    private static (int Code, string Error) Run(params string[] args)
    {
        using var error = new StringWriter { NewLine = "\n" };
        return (WeightsProgram.Run(args, TextWriter.Null, error), error.ToString());
    }
}
