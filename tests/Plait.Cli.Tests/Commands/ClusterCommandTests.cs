using System.Globalization;
using System.Text.Json;
using Plait.Cli.Clustering;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class ClusterCommandTests : IDisposable
{
    private readonly Workplace workplace = new();

    [Fact]
    public async Task Images_of_two_kinds_are_told_apart_without_a_label()
    {
        var (images, labels) = StripedImages.Write(workplace);
        var file = workplace.File("clusters.csv");

        var answer = (
            await workplace.RunAsync(["cluster", images, .. StripedImages.Quick, "--labels", labels, "-o", file])
        ).Succeeds();
        var json = (
            await workplace.RunAsync([
                "cluster",
                images,
                .. StripedImages.Quick,
                "--labels",
                labels,
                "-o",
                file,
                "--json",
            ])
        ).Succeeds();

        Assert.Contains($"Images:   {StripedImages.Count} in 2 clusters", answer.Output);
        Assert.Contains("Accuracy:", answer.Output);
        var root = JsonDocument.Parse(json.Output).RootElement;
        Assert.InRange(root.GetProperty("accuracy").GetDouble(), 0.8, 1); // by chance a little over 0.5
        Assert.Equal(0.5, root.GetProperty("majority").GetDouble());
        Assert.Equal(StripedImages.Count, root.GetProperty("sizes").EnumerateArray().Sum(size => size.GetInt32()));
        var rows = await File.ReadAllLinesAsync(file);
        Assert.Equal("image,cluster,probability", rows[0]);
        Assert.Equal(StripedImages.Count + 1, rows.Length);
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
        var (images, _) = StripedImages.Write(workplace);
        var classes = workplace.Write(
            "classes.txt",
            string.Concat(Enumerable.Range(0, StripedImages.Count).Select(i => i % 2 == 0 ? "lying\n" : "standing\n"))
        );
        string[] arguments = ["cluster", images, .. StripedImages.Quick, "--labels", classes, "--json"];

        var first = (await workplace.RunAsync([.. arguments, "-o", workplace.File("first.csv")])).Succeeds();
        (await workplace.RunAsync([.. arguments, "-o", workplace.File("second.csv")])).Succeeds();

        Assert.InRange(JsonDocument.Parse(first.Output).RootElement.GetProperty("accuracy").GetDouble(), 0.5, 1);
        Assert.Equal(
            await File.ReadAllTextAsync(workplace.File("first.csv")),
            await File.ReadAllTextAsync(workplace.File("second.csv"))
        );
    }

    [Fact]
    public async Task Parts_without_epochs_are_left_out_and_nothing_lies_beside_the_answer()
    {
        var (images, _) = StripedImages.Write(workplace);
        var answers = Directory.CreateDirectory(workplace.File("answers"));
        string[] none = ["--pretext-epochs", "0", "--clustering-epochs", "0", "--self-labelling-epochs", "0"];

        (
            await workplace.RunAsync([
                "cluster",
                images,
                .. StripedImages.Quick.Where((_, place) => place / 2 is not (2 or 3 or 4)),
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
}
