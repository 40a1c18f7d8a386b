using Plait.Data;
using Plait.Tasks;

namespace Plait.Tests.Data;

/// <summary>Data whose rows are of different lengths, or have several parts.</summary>
[Collection("torch")]
public sealed class DifferentLengthsTests
{
    private const int Rows = 203;
    private const int Size = 4;

    [Fact]
    public void An_epoch_has_every_row_once_in_batches_of_like_length_that_come_by_chance()
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallTexts.Data(Rows);
        using var source = data.Batches(Size, shuffleSeed: 1);

        var batches = Enumerable.Range(0, source.BatchesOf(0)).Select(place => Lengths(source, place)).ToArray();

        var whole = data.BatchInputOf(0).Lengths!.data<long>().ToArray();
        Assert.Equal(whole.Order(), batches.SelectMany(lengths => lengths).Order());
        Assert.InRange(batches[..^1].Average(lengths => lengths.Max() - lengths.Min()), 0, 1); // by chance it is 6
        var longest = batches[..^1].Select(lengths => lengths.Max()).ToArray();
        Assert.NotEqual(longest.Order(), longest);
        Assert.Equal(Rows % Size, batches[^1].Length);
    }

    [Fact]
    public void A_batch_is_as_wide_as_its_longest_row_and_hangs_on_its_place_alone()
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallTexts.Data(Rows, padding: 9);
        using var source = data.Batches(Size, shuffleSeed: 1);
        using var other = data.Batches(Size, shuffleSeed: 1);
        using var first = source.Read(SmallTexts.Tasks.All, [70, 70]);
        using var again = other.Read(SmallTexts.Tasks.All, [70, 70]);

        Assert.Equal(Lengths(source, 70).Max(), first.Input.size(1));
        Assert.True(first.Input.eq(again.Input).all().item<bool>());
        Assert.Equal(SmallData.Numbers(first.TargetOf(0).Values), SmallData.Numbers(again.TargetOf(0).Values));
    }

    [Fact]
    public void A_row_s_targets_stay_with_it()
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallTexts.Data(Rows);
        using var source = data.Batches(Size, shuffleSeed: 3);
        for (var place = 0; place < 20; place++)
        {
            using var batch = source.Read(SmallTexts.Tasks.All, [place, place]);
            var input = batch.BatchInputOf(0);
            var small = input.Values.lt(SmallTexts.Vocabulary / 2).logical_and(input.Mask!).sum(1L);
            var share = small.to(ScalarType.Float32) / input.Lengths!;
            Assert.True(share.allclose(batch.TargetOf(0).Values));
        }
    }

    [Fact]
    public void Subsets_keep_lengths_parts_and_marks()
    {
        using var scope = torch.NewDisposeScope();
        var (words, share, _) = SmallTexts.Draw(5, 0, 0, 0);
        var input = new BatchInput(
            words.Parts[0] with
            {
                Name = "words",
            },
            new InputPart("numbers", torch.arange(5).view(5, 1), Present: torch.arange(5).gt(1))
        );
        using var data = TensorData.Shared(new TaskSet(SmallTexts.Tasks[0]), input, [TaskTarget.Of(share)]);

        using var some = data.Subset([4, 1]);

        Assert.Equal(
            new PartsInput(
                new Dictionary<string, InputSpec>
                {
                    ["words"] = new TokenInput(words.Values.max().item<long>() + 1, SmallTexts.Longest),
                    ["numbers"] = new VectorInput(1),
                }
            ),
            data.InputSpec
        );
        Assert.Equal([4L, 1], some.BatchInputOf(0)["numbers"].data<long>().ToArray());
        Assert.Equal([true, false], some.BatchInputOf(0).Present("numbers")!.data<bool>().ToArray());
        Assert.Equal(2, some.BatchInputOf(0).Part("words").Rows);
        Assert.Null(data.InputSpec.Shape);
    }

    [Fact]
    public void Reading_leaves_no_tensor_behind()
    {
        using var data = SmallTexts.Data(Rows);
        using var source = data.Batches(Size, shuffleSeed: 1);
        source.Read(SmallTexts.Tasks.All, [0, 0]).Dispose(); // puts the epoch in order
        var before = SmallData.CountTensors();

        for (var place = 0; place < 20; place++)
        {
            source.Read(SmallTexts.Tasks.All, [place, place]).Dispose();
        }

        Assert.Equal(before, SmallData.CountTensors());
    }

    private static long[] Lengths(MultiTaskDataLoader source, int place)
    {
        using var batch = source.Read(SmallTexts.Tasks.All, [place, place]);
        return batch.BatchInputOf(0).Lengths!.contiguous().data<long>().ToArray();
    }
}
