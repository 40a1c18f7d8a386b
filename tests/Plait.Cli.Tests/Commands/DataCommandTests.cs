using System.Text.Json.Nodes;

namespace Plait.Cli.Tests.Commands;

public sealed class DataCommandTests : IDisposable
{
    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Fact]
    public async Task Describe_says_what_goes_where_and_how_it_is_used()
    {
        var text = (await workplace.RunAsync("data", "describe", "nyuv2")).Succeeds().Output;
        var json = JsonNode.Parse((await workplace.RunAsync("data", "describe", "nyuv2", "--json")).Succeeds().Output)!;

        Assert.Contains("{train,val}/depth/{i}.npy", text, StringComparison.Ordinal);
        Assert.Contains("plait data check nyuv2 DIR", text, StringComparison.Ordinal);
        Assert.Contains("lorenmt/mtan", text, StringComparison.Ordinal);
        Assert.Contains("segmentation", text, StringComparison.Ordinal);
        Assert.Equal("{train,val}/image/{i}.npy", (string?)json["guide"]!["files"]![0]!["path"]);
        Assert.False((bool)json["isEmbedded"]!);
    }

    [Fact]
    public async Task Describe_of_data_that_comes_with_the_program_says_so() =>
        Assert.Contains(
            "comes with the program",
            (await workplace.RunAsync("data", "describe", "tox21")).Succeeds().Output,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Check_counts_the_rows_of_a_folder()
    {
        Fill(train: 240);

        var text = (await workplace.RunAsync("data", "check", "multi-mnist", workplace.Path)).Succeeds().Output;
        var json = (await workplace.RunAsync("data", "check", "fashion-pairs", workplace.Path, "--json"))
            .Succeeds()
            .Output;

        Assert.Contains("220 rows to train on, 20 for validation, 30 for the test", text, StringComparison.Ordinal);
        Assert.Equal(220, (int)JsonNode.Parse(json)!["train"]!);
    }

    [Fact]
    public async Task Check_names_the_first_thing_that_is_wrong()
    {
        Fill(train: 239);

        (await workplace.RunAsync("data", "check", "multi-mnist", workplace.Path)).FailsWith(
            ExitCode.Failure,
            "train-labels-idx1-ubyte",
            "240 images"
        );
    }

    [Theory]
    [InlineData("cityscapes", "data", "describe", "imagenet")]
    [InlineData("tox21", "data", "check", "imagenet", "/tmp")]
    [InlineData("--rows", "data", "check", "nyuv2", "/tmp", "--rows", "0")]
    public async Task A_wrong_name_is_answered_with_the_known_ones(string expected, params string[] arguments) =>
        (await workplace.RunAsync(arguments)).FailsWith(ExitCode.Usage, expected);

    [Fact]
    public async Task A_folder_that_is_not_there_is_named() =>
        (await workplace.RunAsync("data", "check", "nyuv2", workplace.File("none"))).FailsWith(
            ExitCode.Failure,
            workplace.File("none"),
            "plait data describe nyuv2"
        );

    [Fact]
    public async Task Training_on_data_that_is_not_there_says_where_to_learn_about_it() =>
        (await workplace.RunAsync("compare", "--benchmark", "nyuv2", "--store", workplace.Store)).FailsWith(
            ExitCode.Usage, // what is missing is an option, --data
            "plait data describe nyuv2"
        );

    private void Fill(int train)
    {
        File.WriteAllBytes(workplace.File("train-images-idx3-ubyte"), Idx(240, 28, 28));
        File.WriteAllBytes(workplace.File("train-labels-idx1-ubyte"), Idx(train));
        File.WriteAllBytes(workplace.File("t10k-images-idx3-ubyte"), Idx(30, 28, 28));
        File.WriteAllBytes(workplace.File("t10k-labels-idx1-ubyte"), Idx(30));
    }

    private static byte[] Idx(params int[] sizes) =>
        [
            0,
            0,
            8,
            (byte)sizes.Length,
            .. sizes.SelectMany(size => new byte[] { 0, 0, 0, (byte)size }),
            .. Enumerable.Range(0, sizes.Aggregate(1, (product, size) => product * size)).Select(i => (byte)(i % 10)),
        ];
}
