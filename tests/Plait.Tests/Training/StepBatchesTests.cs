using Plait.Data;
using Plait.Tasks;
using Plait.Tests.Data;
using Plait.Training;

namespace Plait.Tests.Training;

public sealed class StepBatchesTests
{
    private const int Batches = 12; // of two rows, in an epoch

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Other_batches_are_of_the_epoch_and_none_of_the_steps_own_nor_of_another_draw(int count)
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallData.Shared(2 * Batches);
        using var source = data.Batches(2);
        for (var first = 0; first <= Batches - count; first += count)
        {
            using var batches = Read(source, first, count);
            int[] own = [.. batches.Labelled.Select(Number)];
            int[] one = [.. batches.Others(0, At(first)).Select(Number)];
            int[] two = [.. batches.Others(1, At(first)).Select(Number)];

            Assert.Equal(Enumerable.Range(first, count), own);
            Assert.Equal(count, one.Length);
            Assert.Distinct(own.Concat(one).Concat(two));
        }
    }

    [Fact]
    public void Where_others_are_few_they_come_again_and_without_any_the_steps_own_do()
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallData.Shared(6);
        using var source = data.Batches(2);
        using var two = Read(source, 0, count: 2);
        using var all = Read(source, 0, count: 3);

        Assert.Equal([2, 2], two.Others(1, At(0)).Select(Number));
        Assert.Equal([0, 1, 2], all.Others(0, At(0)).Select(Number).Order());
    }

    [Fact]
    public void Any_other_batch_can_come()
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallData.Shared(2 * Batches);
        using var source = data.Batches(2);
        var away = new HashSet<int>();
        for (var step = 0; step < 100; step++)
        {
            using var batches = Read(source, step % Batches, count: 1);
            away.Add((Number(batches.Others(0, At(step))[0]) - (step % Batches) + Batches) % Batches);
        }

        Assert.Equal(Enumerable.Range(1, Batches - 1), away.Order());
    }

    [Fact]
    public void Tasks_with_rows_of_their_own_draw_for_themselves()
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallData.PerTask(2 * Batches, 2 * Batches);
        using var source = data.Batches(2);
        var apart = 0;
        for (var step = 0; step < 20; step++)
        {
            using var batches = Read(source, 0, count: 1);
            var other = batches.Others(0, At(step))[0];
            apart += Number(other.InputOf(0)) == Number(other.InputOf(1), from: 5000) ? 0 : 1;
        }

        Assert.InRange(apart, 10, 20); // by chance two of 11 agree once in 11 times
    }

    [Fact]
    public void Others_are_of_the_steps_own_epoch_in_its_order()
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallData.Shared(2 * Batches);
        using var source = data.Batches(2, shuffleSeed: 1);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            using var batches = Read(source, (epoch * Batches) + 2, count: 6);
            var rows = batches.Labelled.Concat(batches.Others(0, At(epoch)));

            Assert.Equal(
                Enumerable.Range(0, 2 * Batches),
                rows.SelectMany(batch => SmallData.Numbers(batch.Input)).Select(row => (int)row).Order()
            );
        }
    }

    [Fact]
    public void A_step_of_one_task_moves_it_alone_and_a_step_without_a_label_has_no_batch()
    {
        using var scope = torch.NewDisposeScope();
        using var apart = SmallData.PerTask(2 * Batches, 2 * Batches);
        using var source = apart.Batches(2);
        long[] places = [5, 7];
        using var step = StepBatches.Read(source, source.Tasks.All.Where(task => task == 1), places, 3, torch.CPU);
        Assert.Equal([5, 10], places);
        using var unlabelled = SmallData.Shared(6, missingEvery: 2); // rows 1, 3 and 5 have no first target
        using var single = unlabelled.Batches(1);
        places = [1, 1];
        using var none = StepBatches.Read(single, single.Tasks.All.Where(task => task == 0), places, 1, torch.CPU);

        Assert.Equal([7, 8, 9], step.Labelled.Select(batch => Number(batch.InputOf(1), from: 5000)));
        Assert.Empty(none.Labelled);
        Assert.Equal([2, 2], places); // one input for both
    }

    private static StepBatches Read(MultiTaskDataLoader source, long first, int count) =>
        StepBatches.Read(source, source.Tasks.All, [first, first], count, torch.CPU);

    private static StepContext At(long step) => new() { Tasks = SmallData.Tasks, Step = step };

    private static int Number(MultiTaskBatch batch) => Number(batch.Input);

    private static int Number(Tensor rows, int from = 0) => ((int)rows[0].item<float>() - from) / 2;
}
