using System.Globalization;
using System.Text.Json;
using Plait.Cli.Clustering;

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

    [Theory]
    [InlineData("--clusters 2 --batch-size 1", "--batch-size is a whole number from 2")]
    [InlineData("--clusters 2 --pretext-epochs -1", "--pretext-epochs is a whole number from 0")]
    [InlineData("--clusters 2 --neighbours 0", "--neighbours is a whole number from 1")]
    [InlineData("--clusters 2 --neighbours 120", "There are 120 images")]
    [InlineData("--clusters 121", "There are 120 images")]
    [InlineData("--clusters 2 --size 64", "--size has no meaning with an NPY or IDX file")]
    public async Task What_the_options_may_not_be_is_a_fault_of_usage(string options, string why)
    {
        var (images, _) = Write();

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
        var (images, _) = Write();
        var answer = await workplace.RunAsync([
            "cluster",
            images,
            .. Quick,
            "-o",
            place.StartsWith('/') ? place : workplace.File(place),
        ]);

        answer.FailsWith(ExitCode.Failure, why);
    }

    [Fact]
    public async Task Parts_without_epochs_are_left_out_and_nothing_lies_beside_the_answer()
    {
        var (images, _) = Write();
        var answers = Directory.CreateDirectory(workplace.File("answers"));
        string[] none = ["--pretext-epochs", "0", "--clustering-epochs", "0", "--self-labelling-epochs", "0"];

        (
            await workplace.RunAsync([
                "cluster",
                images,
                .. Quick.Where((_, place) => place / 2 is not (2 or 3 or 4)),
                .. none,
                "-o",
                Path.Combine(answers.FullName, "clusters.csv"),
            ])
        ).Succeeds();

        Assert.Equal(["clusters.csv"], answers.GetFiles().Select(file => file.Name));
    }

    [Theory]
    [InlineData(new[] { 4, 2 }, null)]
    [InlineData(new[] { 0, 6, 0 }, "All images came into one cluster of 3;")]
    [InlineData(new[] { 0, 4, 2 }, "1 of 3 clusters is empty: 0;")]
    [InlineData(new[] { 4, 0, 2, 0 }, "2 of 4 clusters are empty: 1, 3;")]
    public void Empty_clusters_are_told_of(int[] sizes, string? start)
    {
        var note = ClusterNotes.On(sizes);

        Assert.Equal(start, note?[..Math.Min(note.Length, start?.Length ?? 0)]);
    }

    [Fact]
    public async Task A_folder_s_other_files_and_links_are_told_of_and_so_is_one_cluster_for_all()
    {
        var photos = Directory.CreateDirectory(workplace.File("photos")).FullName;
        var picture = Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        );
        foreach (var name in new[] { "a.png", "b.png", "c.png", "d.png" })
        {
            File.WriteAllBytes(Path.Combine(photos, name), picture);
        }

        File.WriteAllText(Path.Combine(photos, "notes.txt"), "no image");
        Directory.CreateSymbolicLink(Path.Combine(photos, "again"), ".");
        string[] untrained = ["--pretext-epochs", "0", "--clustering-epochs", "0", "--self-labelling-epochs", "0"];

        var answer = await workplace.RunAsync([
            "cluster",
            photos,
            "--clusters",
            "2",
            "--size",
            "8",
            "--neighbours",
            "2",
            .. untrained,
            "-o",
            workplace.File("clusters.csv"),
        ]);

        answer.Succeeds();
        Assert.Collection(
            answer.Errors,
            line => Assert.Contains("1 other file was passed over", line),
            line => Assert.Contains("1 link to a folder was not followed", line),
            line => Assert.Contains("All images came into one cluster of 2", line) // they are the same
        );
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
