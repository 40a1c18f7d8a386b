using CsCheck;
using Plait.Tabular.Features;
using Plait.Tasks.Losses;

namespace Plait.Tabular.Tests.Features;

public sealed class PreprocessingTests
{
    private static readonly long[] FirstThree = [0, 1, 2];

    [Fact]
    public void Numbers_are_standardised_and_missing_ones_become_the_mean()
    {
        var (data, fitted) = Tables.Fit("x,y\n1,0\n3,1\n,0\n5,1\n", [0, 1, 2, 3], "y");

        using var inputs = fitted.Transform(data);

        // Mean 3, population variance (4 + 0 + 4) / 3.
        var step = (float)(2 / Math.Sqrt(8.0 / 3));
        Assert.Equal(["x", "x is missing"], fitted.InputNames);
        Assert.Equal([4L, 2L], inputs.shape);
        Assert.Equal([-step, 0, 0, 0, 0, 1, step, 0], Tables.Numbers(inputs));
    }

    [Fact]
    public void Missing_marks_exist_only_where_training_rows_need_them()
    {
        var (data, fitted) = Tables.Fit("x,y\n1,0\n3,1\n,0\n", [0, 1], "y");

        using var inputs = fitted.Transform(data);

        Assert.Equal([-1f, 1, 0], Tables.Numbers(inputs));
    }

    [Fact]
    public void Number_that_is_constant_in_training_becomes_zero_everywhere()
    {
        var (data, fitted) = Tables.Fit("x,y\n0.1,0\n0.1,1\n0.1,0\n7,1\n", [0, 1, 2], "y");

        using var inputs = fitted.Transform(data);

        Assert.Equal([0f, 0, 0, 0], Tables.Numbers(inputs));
    }

    [Fact]
    public void Small_spread_about_a_large_mean_is_not_lost()
    {
        var (data, fitted) = Tables.Fit("x,y\n8000000,0\n8000001,1\n8000002,0\n8000003,1\n", [0, 1, 2, 3], "y");

        using var inputs = fitted.Transform(data);

        Assert.Equal([-1.3416408f, -0.4472136f, 0.4472136f, 1.3416408f], Tables.Numbers(inputs));
    }

    [Theory]
    [InlineData("0.3", "0.30000000000000004")]
    [InlineData("1700000000", "1700000000.0000002")]
    [InlineData("1e30", "1.0000000000000001e30")]
    public void Number_that_differs_by_rounding_alone_is_constant(string one, string other)
    {
        var rows = string.Concat(Enumerable.Range(0, 10).Select(row => $"{(row % 3 == 0 ? one : other)},{row}\n"));
        long[] all = [.. Enumerable.Range(0, 10)];

        var (data, fitted) = Tables.Fit("x,y\n" + rows, all, "y:regression");

        using var inputs = fitted.Transform(data);
        Assert.All(Tables.Numbers(inputs), input => Assert.Equal(0, input));
        Tables.Says(
            Tables.Fails(() => Tables.Fit("y,x\n" + rows, all, "y:regression")),
            null,
            "y",
            "is the same in all 10 training rows"
        );
    }

    [Theory]
    [InlineData("1700000000", "1700000001")]
    [InlineData("1e-200", "2e-200")]
    [InlineData("-1e149", "1e149")]
    [InlineData("9007199254740992", "9007199254741092")]
    public void Two_numbers_of_any_size_lie_one_deviation_from_their_mean(string low, string high)
    {
        var (data, fitted) = Tables.Fit($"x,y\n{low},0\n{high},1\n", [0, 1], "y");

        using var inputs = fitted.Transform(data);

        Assert.Equal([-1f, 1], Tables.Numbers(inputs), Near);
    }

    [Fact]
    public void Categories_get_an_input_each_and_unseen_and_missing_ones_share_the_last()
    {
        var (data, fitted) = Tables.Fit("c,y\nb,0\na,1\nb,1\nnew,0\n?,1\n", FirstThree, "y");

        using var inputs = fitted.Transform(data);

        Assert.Equal(["c is a", "c is b", "c is unseen or missing"], fitted.InputNames);
        Assert.Equal([0f, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1], Tables.Numbers(inputs));
        Assert.Equal(
            "Column 'c': no training row has 'new', which 1 other rows have; they count as unseen.",
            Assert.Single(fitted.Warnings)
        );
    }

    [Fact]
    public void Class_that_training_rows_never_show_is_kept_and_warned_of()
    {
        var (_, fitted) = Tables.Fit("x,y\n1,a\n2,b\n3,a\n4,c\n", FirstThree, "y:classification");

        Assert.Equal(["a", "b", "c"], fitted.Targets[0].Classes);
        Assert.Equal(3, fitted.CreateTasks()[0].Output.Channels);
        Assert.Contains("no training row shows 'c'", Assert.Single(fitted.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_become_tensors_with_marks_for_missing_ones()
    {
        var (data, fitted) = Tables.Fit(
            Tables.Flats,
            FirstThree,
            "price:regression",
            "sold:binary",
            "grade:classification"
        );

        var targets = fitted.TransformTargets(data, [2, 3, 4, 5]);

        var step = (float)(50 / Math.Sqrt(5000.0 / 3));
        Assert.Equal([step, 0, (float)(0.6 * step), (float)(-0.6 * step)], Tables.Numbers(targets[0].Values), Near);
        Assert.Equal([1f, 0, 1, 1], Tables.Numbers(targets[0].Present!));
        Assert.Equal([1f, 0, 0, 0], Tables.Numbers(targets[1].Values));
        Assert.Equal([1f, 1, 0, 1], Tables.Numbers(targets[1].Present!));
        Assert.Equal([2L, 1, 0, 0], targets[2].Values.data<long>().ToArray());
        Assert.Equal([1f, 1, 1, 0], Tables.Numbers(targets[2].Present!));
    }

    [Fact]
    public void Tasks_have_the_targets_names_and_kinds()
    {
        var (_, fitted) = Tables.Fit(
            Tables.Flats,
            FirstThree,
            "price:regression",
            "sold:binary",
            "grade:classification"
        );

        var tasks = fitted.CreateTasks();

        Assert.Equal(["price", "sold", "grade"], tasks.Select(task => task.Name));
        Assert.Collection(
            tasks,
            task => Assert.IsType<SquaredError>(task.Loss),
            task => Assert.IsType<BinaryCrossEntropy>(task.Loss),
            task => Assert.IsType<CrossEntropy>(task.Loss)
        );
        Assert.Equal([1, 1, 3], tasks.Select(task => task.Output.Channels));
    }

    [Fact]
    public void Restoring_a_standardised_target_gives_it_back()
    {
        Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[1e-3, 1e6], Gen.Float[-1e6f, 1e6f])
            .Sample(
                (mean, deviation, value) =>
                {
                    var encoding = new TargetEncoding("y", "regression", [], mean, deviation);
                    var restored = encoding.Restore((float)encoding.Standardise(value));
                    return Math.Abs(restored - value) <= 1e-6 * (Math.Abs(value) + Math.Abs(mean) + deviation);
                }
            );
    }

    [Fact]
    public void Rows_outside_the_training_part_change_nothing()
    {
        var cell = Gen.OneOf(Gen.Int[0, 9].Select(i => $"{i}.5"), Gen.Const(""));
        var city = Gen.OneOf(Gen.Int[0, 3].Select(i => "abcd"[i].ToString()), Gen.Const("NA"));
        Gen.Select(cell, city, cell.Where(text => text.Length > 0))
            .Array[6]
            .Sample(
                validation =>
                {
                    const string Training = "x,c,y\n1,a,2.5\n,b,3\n4,,5\n6,c,1\n";
                    var schema = Tables.Infer(Training + "7,d,9\n", "y:regression");
                    var other = string.Concat(validation.Select(row => $"{row.Item1},{row.Item2},{row.Item3}\n"));

                    Assert.Equal(FitFirstFour(schema, Training + "0.5,d,0\n"), FitFirstFour(schema, Training + other));
                },
                iter: 100
            );

        static string FitFirstFour(TableSchema schema, string text) =>
            Preprocessing.Fit(TabularData.Read(new StringReader(text), schema), [0, 1, 2, 3]).ToJson();
    }

    [Fact]
    public void Stored_and_loaded_it_transforms_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        Gen.Select(Gen.Float[-1e20f, 1e20f], Gen.String["ab \"\n漢é{}\\<"], Gen.Float[-3f, 3f])
            .Array[4, 20]
            .Sample(
                rows =>
                {
                    var text =
                        "x,c,y\n"
                        + string.Concat(
                            rows.Select(row =>
                                FormattableString.Invariant(
                                    $"{row.Item1},\"{row.Item2.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{row.Item3}\n"
                                )
                            )
                        )
                        + "1,a,0\n2,b,1\n";
                    var data = Tables.Read(text, "y:regression");
                    var fitted = Preprocessing.Fit(data, Preprocessing.AllRows(data));
                    var path = folder.File($"{Guid.NewGuid():N}.json");
                    fitted.Save(path);

                    var loaded = Preprocessing.Load(path);

                    using var before = fitted.Transform(data);
                    using var after = loaded.Transform(TabularData.Read(new StringReader(text), loaded.Schema));
                    Assert.True(before.bytes.SequenceEqual(after.bytes));
                    Assert.Equal(fitted.ToJson(), loaded.ToJson());
                    Assert.Equal(fitted.Targets[0].Mean, loaded.Targets[0].Mean);
                },
                iter: 50
            );
        Assert.All(Directory.GetFiles(folder.Path), file => Assert.EndsWith(".json", file, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "damaged")]
    [InlineData("null", "damaged")]
    [InlineData("{\"version\": 1}", "damaged")]
    [InlineData("{\"version\": 1, \"schema\": {}, \"features\": [], \"targets\": []}", "damaged")]
    [InlineData("{\"version\": 2}", "version 2, but this program reads version 1")]
    public void Damaged_or_foreign_file_is_said_to_be(string json, string says)
    {
        using var folder = new TemporaryFolder();

        var error = Tables.Fails(() => Preprocessing.Load(folder.Write("p.json", json)));

        Tables.Says(error, null, null, "p.json", says);
    }

    [Fact]
    public void Torn_file_is_said_to_be_damaged()
    {
        var (_, fitted) = Tables.Fit(Tables.Flats, FirstThree, "price:regression");
        var json = fitted.ToJson();
        using var folder = new TemporaryFolder();

        for (var length = 0; length < json.Length; length += 37)
        {
            var path = folder.Write("p.json", json[..length]);
            Assert.Contains("damaged", Tables.Fails(() => Preprocessing.Load(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rows_come_in_the_wanted_order_even_from_more_than_one_block()
    {
        var cities = Enumerable.Range(0, 200).Select(i => $"c{i}").ToArray();
        var text = string.Concat(Enumerable.Range(0, 4000).Select(i => $"{cities[i % 200]},{i},{i % 2}\n"));
        var data = Tables.Read("city,x,y\n" + text, "y");
        var fitted = Preprocessing.Fit(data, Preprocessing.AllRows(data));
        long[] order = [.. Enumerable.Range(0, 4000).Select(i => (long)((i * 1237) % 4000))];

        using var straight = fitted.Transform(data);
        using var shuffled = fitted.Transform(data, order);

        var width = fitted.InputWidth;
        Assert.Equal(202, width);
        var expected = Tables.Numbers(straight);
        var actual = Tables.Numbers(shuffled);
        for (var row = 0; row < order.Length; row++)
        {
            var from = expected.AsSpan((int)order[row] * width, width);
            Assert.True(from.SequenceEqual(actual.AsSpan(row * width, width)), $"row {row}");
            Assert.Equal(1f, from[..201].ToArray().Sum());
        }
    }

    [Fact]
    public void Row_outside_the_data_is_refused()
    {
        var (data, fitted) = Tables.Fit(Tables.Flats, FirstThree, "price:regression");

        Assert.Throws<ArgumentException>(() => fitted.Transform(data, [6]));
        Assert.Throws<ArgumentException>(() => Preprocessing.Fit(data, [-1]));
        Assert.Throws<ArgumentException>(() => Preprocessing.Fit(data, []));
    }

    [Fact]
    public void Data_of_another_schema_is_refused()
    {
        var (_, fitted) = Tables.Fit(Tables.Flats, FirstThree, "price:regression");
        var other = Tables.Read(Tables.Flats.Replace("Oslo", "Bonn", StringComparison.Ordinal), "price:regression");

        Assert.Throws<ArgumentException>(() => fitted.Transform(other));
    }

    private static bool Near(float expected, float actual) => Math.Abs(expected - actual) < 1e-6;
}
