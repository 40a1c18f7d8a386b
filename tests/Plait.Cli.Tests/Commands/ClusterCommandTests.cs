using System.Globalization;
using System.Text.Json;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class ClusterCommandTests : IDisposable
{
    private const int Count = 120;
    private const int Side = 12;

    private static readonly string[] Quick =
    [
        "--clusters",
        "2",
        "--encoder",
        "tiny-resnet:width=8,stages=1,blocks=1",
        "--pretext-epochs",
        "8",
        "--clustering-epochs",
        "12",
        "--self-labelling-epochs",
        "2",
        "--neighbours",
        "5",
        "--batch-size",
        "40",
        "--no-mirrors",
    ];

    private readonly Workplace workplace = new();

    [Fact]
    public async Task Images_of_two_kinds_are_told_apart_without_a_label()
    {
        var (images, labels) = Write();
        var file = workplace.File("clusters.csv");

        var answer = (
            await workplace.RunAsync(["cluster", images, .. Quick, "--labels", labels, "-o", file])
        ).Succeeds();
        var json = (
            await workplace.RunAsync(["cluster", images, .. Quick, "--labels", labels, "-o", file, "--json"])
        ).Succeeds();

        Assert.Contains($"Images:   {Count} in 2 clusters", answer.Output);
        Assert.Contains("Accuracy:", answer.Output);
        var root = JsonDocument.Parse(json.Output).RootElement;
        Assert.InRange(root.GetProperty("accuracy").GetDouble(), 0.8, 1); // by chance a little over 0.5
        Assert.Equal(0.5, root.GetProperty("majority").GetDouble());
        Assert.Equal(Count, root.GetProperty("sizes").EnumerateArray().Sum(size => size.GetInt32()));
        var rows = await File.ReadAllLinesAsync(file);
        Assert.Equal("image,cluster,probability", rows[0]);
        Assert.Equal(Count + 1, rows.Length);
        Assert.All(
            rows.Skip(1).Select((row, place) => (Cells: row.Split(','), place)),
            row =>
            {
                Assert.Equal($"{row.place}", row.Cells[0]);
                Assert.InRange(double.Parse(row.Cells[2], CultureInfo.InvariantCulture), 0.5, 1);
            }
        );
    }

    [Fact]
    public async Task Classes_come_from_a_text_file_as_well_and_the_seed_decides()
    {
        var (images, _) = Write();
        var classes = workplace.Write(
            "classes.txt",
            string.Concat(Enumerable.Range(0, Count).Select(i => i % 2 == 0 ? "lying\n" : "standing\n"))
        );
        string[] arguments = ["cluster", images, .. Quick, "--labels", classes, "--json"];

        var first = (await workplace.RunAsync([.. arguments, "-o", workplace.File("first.csv")])).Succeeds();
        (await workplace.RunAsync([.. arguments, "-o", workplace.File("second.csv")])).Succeeds();

        Assert.InRange(JsonDocument.Parse(first.Output).RootElement.GetProperty("accuracy").GetDouble(), 0.5, 1);
        Assert.Equal(
            await File.ReadAllTextAsync(workplace.File("first.csv")),
            await File.ReadAllTextAsync(workplace.File("second.csv"))
        );
    }

    [Theory]
    [InlineData("cluster images.idx", "--clusters")]
    [InlineData("cluster images.idx --clusters 1", "2 or more")]
    [InlineData("cluster images.idx --clusters 2 --neighbours 500", "more than --neighbours 500")]
    [InlineData("cluster images.idx --clusters 2 --encoder resnet-tiny", "no encoder 'resnet-tiny'")]
    [InlineData("cluster images.idx --clusters 2 --labels images.idx", "one whole number an image")]
    [InlineData("cluster images.idx --clusters 2 --labels folders", "in no folder of a class")]
    [InlineData("cluster images.idx --clusters 2 --labels short.txt", "1 classes for 120 images")]
    [InlineData("cluster images.idx --clusters 2 --labels nowhere.txt", "nowhere.txt")]
    [InlineData("cluster nowhere.idx --clusters 2", "nowhere.idx")]
    [InlineData("cluster short.txt --clusters 2", "short.txt")]
    [InlineData("cluster . --clusters 2", "holds no image")]
    public async Task What_cannot_be_done_is_said_in_one_line(string line, string why)
    {
        Write();
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

    public void Dispose() => workplace.Dispose();

    /// <summary>Stripes that lie or stand, on noise; and which they do.</summary>
    private (string Images, string Labels) Write()
    {
        var random = new Random(1);
        var pixels = new byte[Count * Side * Side];
        random.NextBytes(pixels);
        for (var image = 0; image < Count; image++)
        {
            var phase = random.Next(4);
            for (var i = 0; i < Side * Side; i++)
            {
                var across = image % 2 == 0 ? i / Side : i % Side;
                ref var pixel = ref pixels[(image * Side * Side) + i];
                pixel = (byte)((across + phase) % 4 < 2 ? 220 : pixel / 6);
            }
        }

        File.WriteAllBytes(
            workplace.File("images.idx"),
            [0, 0, 8, 3, 0, 0, 0, Count, 0, 0, 0, Side, 0, 0, 0, Side, .. pixels]
        );
        File.WriteAllBytes(
            workplace.File("labels.idx"),
            [0, 0, 8, 1, 0, 0, 0, Count, .. Enumerable.Range(0, Count).Select(image => (byte)(image % 2))]
        );
        return (workplace.File("images.idx"), workplace.File("labels.idx"));
    }
}
