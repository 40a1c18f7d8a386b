using Plait.Tabular.Features;
using Plait.Tabular.Predictions;

namespace Plait.Tabular.Tests.Predictions;

[Collection("torch")] // whose tests run alone: one of these measures the memory of the process
public sealed class FeatureReaderTests
{
    private const string New = "key,city,extra,rooms,size\nk1,Rome,?,2,50\nk2,Bonn,x,,70\nk3,Oslo,,4,90\nk4,,,1,80\n";

    private static Preprocessing Fitted =>
        Tables.Fit(Tables.Flats, [0, 1, 2], "price:regression", "sold:binary", "grade:classification").Preprocessing;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(1000)]
    public void Pieces_of_any_size_hold_the_same_rows_in_order(int rows)
    {
        using var reader = new FeatureReader(new StringReader(New), Fitted, "key");
        var keys = new List<string>();
        var numbers = new List<float>();

        foreach (var chunk in reader.Read(rows))
        {
            using (chunk)
            {
                Assert.InRange(chunk.Rows, 1, rows);
                keys.AddRange(chunk.Identifiers!);
                numbers.AddRange(Tables.Numbers(chunk.Input));
            }
        }

        using var whole = new FeatureReader(new StringReader(New), Fitted).Read().Single();
        Assert.Null(whole.Identifiers);
        Assert.Equal(Tables.Numbers(whole.Input), numbers);
        Assert.Equal(["k1", "k2", "k3", "k4"], keys);
    }

    [Fact]
    public void Training_rows_read_as_new_rows_give_the_same_inputs()
    {
        var (data, fitted) = Tables.Fit(Tables.Flats, [0, 1, 2], "price:regression", "sold", "grade");
        using var expected = fitted.Transform(data);

        using var actual = new FeatureReader(new StringReader(Tables.Flats), fitted).Read().Single();

        Assert.Equal(Tables.Numbers(expected), Tables.Numbers(actual.Input));
    }

    [Fact]
    public void Categories_that_training_rows_do_not_have_are_counted()
    {
        // Oslo is in the table, but in none of the training rows.
        using var reader = new FeatureReader(new StringReader(New), Fitted);
        Assert.Empty(reader.Warnings);

        foreach (var chunk in reader.Read())
        {
            var places = Tables.Numbers(chunk.Input).Chunk(Fitted.InputWidth).Select(row => row[^3..]);
            Assert.Equal(
                [
                    [0f, 1, 0],
                    [0f, 0, 1],
                    [0f, 0, 1],
                    [0f, 0, 1],
                ],
                places
            );
            chunk.Dispose();
        }

        Assert.Equal(
            "Column 'city' has 2 texts unseen in training, the first 'Bonn' on line 3; they are treated alike.",
            Assert.Single(reader.Warnings)
        );
    }

    [Fact]
    public void File_without_rows_gives_no_piece()
    {
        using var reader = new FeatureReader(new StringReader("size,rooms,city\n"), Fitted);

        Assert.Empty(reader.Read());
    }

    [Fact]
    public void Error_in_a_late_row_names_its_line_after_the_rows_before_it()
    {
        using var reader = new FeatureReader(new StringReader(New + "k5,Rome,,2,big\n"), Fitted, name: "new.csv");
        var rows = 0;

        var error = Tables.Fails(() =>
        {
            foreach (var chunk in reader.Read(2))
            {
                rows += chunk.Rows;
                chunk.Dispose();
            }
        });

        Assert.Equal(4, rows);
        Tables.Says(error, 6, "size", "new.csv, line 6, column 'size': 'big' is not a number");
    }

    [Fact]
    public void Memory_does_not_grow_with_the_file()
    {
        var fitted = Fitted;
        using var reader = new FeatureReader(new EndlessFlats(200_000), fitted, "key");
        var rows = 0;
        var early = 0L;
        var late = 0L;

        foreach (var chunk in reader.Read())
        {
            rows += chunk.Rows;
            chunk.Dispose();
            if (rows == 10 * FeatureReader.DefaultRows)
            {
                early = GC.GetTotalMemory(forceFullCollection: true);
            }
            else if (rows == 48 * FeatureReader.DefaultRows)
            {
                late = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        Assert.Equal(200_000, rows);
        Assert.InRange(late - early, long.MinValue, 4 << 20); // the rows between, held, would be 12 MB of numbers and texts
    }

    /// <summary>A table that is made as it is read.</summary>
    private sealed class EndlessFlats(int rows) : TextReader
    {
        private string line = "key,size,rooms,city\n";
        private int at;
        private int row;

        public override int Peek() => throw new NotSupportedException();

        public override int Read(char[] buffer, int index, int count)
        {
            if (at == line.Length)
            {
                if (row == rows)
                {
                    return 0;
                }

                line = $"k{row},{row % 97},{row % 5},Rome\n";
                at = 0;
                row++;
            }

            var taken = Math.Min(count, line.Length - at);
            line.CopyTo(at, buffer, index, taken);
            at += taken;
            return taken;
        }

        public override int Read(Span<char> buffer)
        {
            var array = new char[Math.Min(buffer.Length, 256)];
            var taken = Read(array, 0, array.Length);
            array.AsSpan(0, taken).CopyTo(buffer);
            return taken;
        }
    }
}
