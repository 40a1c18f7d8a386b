namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class ClusterRefusalTests : IDisposable
{
    private readonly Workplace workplace = new();

    [Theory]
    [InlineData("cluster images.idx", "--clusters")]
    [InlineData("cluster images.idx --clusters 1", "--clusters is a whole number from 2")]
    [InlineData("cluster images.idx --clusters 2 --neighbours 500", "more than --neighbours 500")]
    [InlineData("cluster images.idx --clusters 2 --encoder resnet-tiny", "no encoder 'resnet-tiny'")]
    [InlineData("cluster images.idx --clusters 2 --labels images.idx", "one whole number an image")]
    [InlineData("cluster images.idx --clusters 2 --labels folders", "in no folder of a class")]
    [InlineData("cluster images.idx --clusters 2 --labels short.txt", "1 classes for 120 images")]
    [InlineData("cluster images.idx --clusters 2 --labels nowhere.txt", "nowhere.txt")]
    [InlineData("cluster nowhere.idx --clusters 2", "nowhere.idx")]
    [InlineData("cluster short.txt --clusters 2", "short.txt")]
    [InlineData("cluster nowhere --clusters 2", "nowhere: there is no such folder or file")]
    [InlineData("cluster images.idx --clusters 2 --labels nowhere.idx", "nowhere.idx: there is no such file")]
    [InlineData("cluster . --clusters 2", "holds no image")]
    public async Task What_cannot_be_done_is_said_in_one_line(string line, string why)
    {
        StripedImages.Write(workplace);
        workplace.Write("short.txt", "one\n");

        var answer = await workplace.RunAsync([
            .. line.Split(' ').Select(word => word.Contains('.') ? workplace.File(word) : word),
            "-o",
            workplace.File("clusters.csv"),
        ]);

        Assert.NotEqual(ExitCode.Success, answer.Code);
        Assert.Contains(why, answer.Error);
        Assert.Single(answer.Error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(workplace.File("clusters.csv")));
    }

    [Theory]
    [InlineData("--clusters 2 --batch-size 1", "--batch-size is a whole number from 2")]
    [InlineData("--clusters 2 --pretext-epochs -1", "--pretext-epochs is a whole number from 0")]
    [InlineData("--clusters 2 --neighbours 0", "--neighbours is a whole number from 1")]
    [InlineData("--clusters 2 --neighbours 120", "There are 120 images")]
    [InlineData("--clusters 121", "There are 120 images")]
    [InlineData("--clusters 2 --size 64", "--size has no meaning with an NPY or IDX file")]
    public async Task What_the_options_may_not_be_is_a_fault_of_usage(string options, string why)
    {
        var (images, _) = StripedImages.Write(workplace);

        var answer = await workplace.RunAsync(["cluster", images, .. options.Split(' ')]);

        answer.FailsWith(ExitCode.Usage, why);
    }

    [Fact]
    public async Task One_image_is_too_few()
    {
        File.WriteAllBytes(workplace.File("one.idx"), [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7]);

        var answer = await workplace.RunAsync("cluster", workplace.File("one.idx"), "--clusters", "2");

        answer.FailsWith(ExitCode.Usage, "There is 1 image;");
    }

    [Theory]
    [InlineData("", "this is a folder; name a file")]
    [InlineData("images.idx/clusters.csv", "/images.idx/clusters.csv: no file can be written here")]
    [InlineData("/sys/clusters.csv", "/sys/clusters.csv: no file can be written here")]
    public async Task An_answer_that_could_not_be_written_is_refused_before_any_training(string place, string why)
    {
        var (images, _) = StripedImages.Write(workplace);
        var answer = await workplace.RunAsync([
            "cluster",
            images,
            .. StripedImages.Quick,
            "-o",
            place.StartsWith('/') ? place : workplace.File(place),
        ]);

        answer.FailsWith(ExitCode.Failure, why);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_found_before_a_folder_of_images_is_read()
    {
        Directory.CreateDirectory(workplace.File("photos"));
        workplace.Write(Path.Combine("photos", "broken.png"), "no image");

        var answer = await workplace.RunAsync([
            "cluster",
            workplace.File("photos"),
            "--clusters",
            "2",
            "-o",
            workplace.File("photos"),
        ]);

        answer.FailsWith(ExitCode.Failure, "this is a folder; name a file");
    }

    public void Dispose() => workplace.Dispose();
}
