using Plait.Benchmarks.Vision;

namespace Plait.Benchmarks.Tests.Vision;

public sealed class MultiMnistTests
{
    [Fact]
    public void Pairs_are_those_of_fashion_pairs_shrunk_and_standardised_as_MNIST_is()
    {
        using var folder = Folder();
        using var data = MultiMnist.Digits.Load(folder.Options);
        using var pairs = new FashionPairs().Load(folder.Options);

        Assert.Equal([220, 20, 30], new[] { data.Train.Rows, data.Validation.Rows, data.Test.Rows });
        Assert.Equal([1L, 28, 28], data.InputSpec.Shape);
        Assert.True(data.Test.TargetOf(1).Values.eq(pairs.Test.TargetOf(1).Values).all().item<bool>());
        Assert.Equal(-0.1307 / 0.3081, data.Test.Input.min().item<float>(), 4); // black
        var canvas = pairs.Test.Input;
        var shrunk = data.Test.Input;
        foreach (var (small, large) in new[] { (0, 0), (1, 1), (3, 4), (14, 18), (27, 35) })
        {
            var (low, high) = (canvas.min().item<float>(), canvas.max().item<float>());
            var grey = (canvas[4, 0, large, large].item<float>() - low) / (high - low) * 199 / 255; // 199 is the brightest
            Assert.Equal((grey - 0.1307) / 0.3081, shrunk[4, 0, small, small].item<float>(), 2);
        }
    }

    [Fact]
    public void Check_names_a_wrong_file()
    {
        using var folder = Folder();

        Assert.Equal([220, 20, 30], MultiMnist.Fashion.Check(folder.Path).Rows);
        folder.AssertFault(
            MultiMnist.Fashion,
            "t10k-labels-idx1-ubyte",
            FolderOfFiles.Idx(11, 30),
            "image 10 is of class 10"
        );
        folder.AssertFault(MultiMnist.Fashion, "t10k-images-idx3-ubyte", null, "'multi-fashion' needs it");
    }

    private static DataFolder Folder() =>
        new DataFolder()
            .Write("train-images-idx3-ubyte", FolderOfFiles.Idx(200, 240, 28, 28))
            .Write("train-labels-idx1-ubyte", FolderOfFiles.Idx(10, 240))
            .Write("t10k-images-idx3-ubyte", FolderOfFiles.Idx(200, 30, 28, 28))
            .Write("t10k-labels-idx1-ubyte", FolderOfFiles.Idx(10, 30));
}
