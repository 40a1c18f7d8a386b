using Plait.Benchmarks.Vision.Reading;

namespace Plait.Benchmarks.Tests.Vision;

public sealed class MatFileTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Numbers_texts_cells_and_structures_come_back(bool packed)
    {
        using var folder = new DataFolder();
        folder.Write(
            "some.mat",
            MatWriter.File(
                packed,
                ("first", MatWriter.Numbers(1, 1, (_, _) => 7)),
                ("map", MatWriter.Numbers(2, 3, (row, column) => (10 * row) + column)),
                ("wide", MatWriter.Numbers(3, 2, (row, column) => row - (0.5 * column), bytes: false)),
                (
                    "all",
                    MatWriter.Structures(
                        [
                            ("name", MatWriter.Text("lear")),
                            ("list", MatWriter.Cells(MatWriter.Text("a"), MatWriter.Nothing())),
                        ],
                        [("name", MatWriter.Text("a longer text")), ("list", MatWriter.Nothing())]
                    )
                )
            )
        );

        using var scope = torch.NewDisposeScope();
        var map = MatFile.Read(folder.File("some.mat"), "map").ToMap("some.mat", "map");
        var wide = MatFile.Read(folder.File("some.mat"), "wide").ToMap("some.mat", "wide");
        var all = MatFile.Read(folder.File("some.mat"), "all").Structures;

        Assert.Equal([2L, 3L], map.shape);
        Assert.Equal([0, 1, 2, 10, 11, 12], map.data<float>().ToArray());
        Assert.Equal([0, -0.5f, 1, 0.5f, 2, 1.5f], wide.data<float>().ToArray());
        Assert.Equal(["lear", "a longer text"], all.Select(one => one["name"].Text));
        Assert.Equal("a", all[0]["list"].Cells![0].Text);
        Assert.Empty(all[1]["list"].Structures);
    }

    [Fact]
    public void A_file_that_is_damaged_or_of_another_version_is_named()
    {
        using var folder = new DataFolder();
        var plain = MatWriter.File(packed: false, ("map", MatWriter.Numbers(20, 30, (_, _) => 1)));
        var packed = MatWriter.File(packed: true, ("map", MatWriter.Numbers(20, 30, (row, column) => row ^ column)));
        byte[] flipped = [.. packed];
        flipped[140] ^= 0xFF;

        Fault(plain, "other", "holds map; expected a variable other");
        Fault(plain[..500], "map", "is cut short or damaged");
        Fault(flipped, "map", "broken.mat'");
        Fault(
            [.. "MATLAB 7.3 MAT-file"u8, .. new byte[200]],
            "map",
            "it starts with 'MATLAB 7.3 MAT-file.'; expected versions 5 to 7"
        );
        Fault([], "map", "expected versions 5 to 7");
        Assert.Throws<FileNotFoundException>(() => MatFile.Read(folder.File("none.mat"), "map"));

        void Fault(byte[] file, string variable, string expected)
        {
            folder.Write("broken.mat", file);
            var error = Assert.Throws<InvalidDataException>(() => MatFile.Read(folder.File("broken.mat"), variable));
            Assert.Contains(folder.File("broken.mat"), error.Message, StringComparison.Ordinal);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Outlines_are_thin_closed_and_between_the_regions()
    {
        const int Side = 21;
        var labels = Enumerable
            .Range(0, Side * Side)
            .Select(i => Math.Pow((i % Side) - 10, 2) + Math.Pow((i / Side) - 10, 2) < 40 ? 5f : 2f)
            .ToArray();

        var lines = Outlines.Of(labels, Side, Side);

        Assert.DoesNotContain(true, Outlines.Of(new float[Side * Side], Side, Side));
        Assert.InRange(lines.Count(line => line), 25, 50); // the circle is 40 pixels round; unthinned there are about 80
        var reached = new bool[lines.Length];
        var open = new Stack<int>([0]);
        while (open.TryPop(out var pixel))
        {
            if (!lines[pixel] && !reached[pixel])
            {
                reached[pixel] = true;
                var (y, x) = (pixel / Side, pixel % Side);
                foreach (var (row, column) in new[] { (y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1) })
                {
                    if (row is >= 0 and < Side && column is >= 0 and < Side)
                    {
                        open.Push((row * Side) + column);
                    }
                }
            }
        }

        Assert.False(reached[(10 * Side) + 10]); // the line keeps inside and outside apart
        Assert.True(reached[^1]);
    }
}
