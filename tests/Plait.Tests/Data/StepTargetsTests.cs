using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Data;

/// <summary>Targets of steps go with their rows, and their padding is missing.</summary>
[Collection("torch")]
public sealed class StepTargetsTests
{
    private const int Rows = 43;
    private const int Size = 4;

    private static readonly TaskSet Tasks = SmallSentences.Tasks;

    [Fact]
    public void What_stands_behind_the_end_of_a_row_is_missing()
    {
        using var scope = torch.NewDisposeScope();
        var (input, tags, _) = SmallSentences.Draw(Rows, padding: 5, filler: 7, seed: 0);
        using var data = SmallSentences.Data(Rows, padding: 5, filler: 7);

        var target = data.TargetOf(0);

        Assert.Equal(input.Lengths!.sum().item<long>(), target.PresentCount);
        Assert.True(target.Present!.to(ScalarType.Bool).eq(input.Mask!).all().item<bool>());
        Assert.True(target.Values.eq(tags).all().item<bool>());
        Assert.Null(data.TargetOf(1).Present);
    }

    [Fact]
    public void A_batch_s_targets_have_as_many_steps_as_its_longest_row()
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallSentences.Data(Rows, padding: 9);
        using var source = data.Batches(Size, shuffleSeed: 1);
        var (steps, widths) = (0L, new HashSet<long>());
        for (var place = 0; place < source.BatchesOf(0); place++)
        {
            using var batch = source.Read(Tasks.All, [place, place]);
            var (input, target) = (batch.BatchInputOf(0), batch.TargetOf(0));
            Assert.Equal(input.Values.shape, target.Values.shape);
            Assert.Equal(target.PresentCount, input.Lengths!.sum().item<long>());
            Assert.Equal(target.PresentCount, target.Present!.sum().item<float>());
            var before = torch.cat([torch.zeros_like(input.Values.narrow(1, 0, 1)), input.Values], 1);
            var expected = before.narrow(1, 0, input.Values.size(1)).remainder(SmallSentences.Tags);
            Assert.True(expected.eq(target.Values).logical_or(input.Mask!.logical_not()).all().item<bool>());
            steps += target.PresentCount;
            widths.Add(input.Values.size(1));
        }

        Assert.Equal(data.TargetOf(0).PresentCount, steps);
        Assert.True(widths.Count > 2);
    }

    [Fact]
    public void Batches_of_different_lengths_join_to_the_longest()
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallSentences.Data(Rows);
        using var source = data.Batches(Size, shuffleSeed: 1);
        MultiTaskBatch[] batches =
        [
            .. Enumerable.Range(0, source.BatchesOf(0)).Select(place => source.Read(Tasks.All, [place, place])),
        ];

        var joined = MultiTaskBatch.Join(batches);

        Assert.Equal([Rows, SmallSentences.Longest], joined.TargetOf(0).Values.shape);
        Assert.Equal(data.TargetOf(0).PresentCount, joined.TargetOf(0).PresentCount);
        Assert.True(
            joined.TargetOf(0).Present!.to(ScalarType.Bool).eq(joined.BatchInputOf(0).Mask!).all().item<bool>()
        );
        Array.ForEach(batches, batch => batch.Dispose());
    }

    [Fact]
    public void Weights_of_rows_and_vectors_of_steps_go_with_them()
    {
        using var scope = torch.NewDisposeScope();
        var (input, _, _) = SmallSentences.Draw(6, padding: 3, filler: 0, seed: 2);
        var task = new LearningTask("way", new Numeric(2, Layout.Step));
        var values = torch.randn(6, 2, SmallSentences.Longest + 3);
        var weights = torch.arange(1, 7).to(ScalarType.Float32);
        using var data = TensorData.Shared(new TaskSet(task), input, [TaskTarget.Of(values).Weighted(weights)]);
        using var source = data.Batches(3);
        using var batch = source.Read(data.Tasks.All, [1]);

        var target = batch.TargetOf(0);

        var mask = batch.BatchInputOf(0).Mask!.to(ScalarType.Float32);
        Assert.Equal([3L, 2, mask.size(1)], target.Values.shape);
        Assert.True(
            target.Weights!.allclose(mask.mul(weights.narrow(0, 3, 3).unsqueeze(1)).unsqueeze(1).expand(-1, 2, -1))
        );
        Assert.Equal(target.Weights!.sum().item<float>(), target.WeightSum, 1e-3);
    }

    [Fact]
    public void Targets_of_other_steps_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var (input, tags, large) = SmallSentences.Draw(5, padding: 0, filler: 0, seed: 1);
        TaskTarget[] targets = [TaskTarget.Of(tags.narrow(1, 0, 4)), TaskTarget.Of(large)];

        var refused = Assert.Throws<ArgumentException>(() => TensorData.Shared(Tasks, input, targets));
        Assert.Throws<ArgumentException>(() => MultiTaskBatch.Shared(Tasks.All, input, targets));

        Assert.Contains("[rows, steps]", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_leaves_no_tensor_behind()
    {
        using var data = SmallSentences.Data(Rows, padding: 3);
        using var source = data.Batches(Size, shuffleSeed: 1);
        source.Read(Tasks.All, [0, 0]).Dispose(); // puts the epoch in order
        var before = SmallData.CountTensors();

        for (var place = 0; place < source.BatchesOf(0); place++)
        {
            source.Read(Tasks.All, [place, place]).Dispose();
        }

        Assert.Equal(before, SmallData.CountTensors());
    }
}
