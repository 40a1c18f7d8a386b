using Plait.Tasks;
using Plait.Tasks.Losses;

namespace Plait.Tests.Tasks.Losses;

/// <summary>What row weights mean to every loss: 0 is missing, 2 is there twice, and parts add up to the whole.</summary>
public sealed class RowWeightLossTests
{
    /// <summary>Without those that read a border, or their classes' shares, off each batch.</summary>
    public static IEnumerable<TheoryDataRow<LossCase>> AdditiveRows =>
        LossCase.Rows.Where(row => row.Data.Loss is not BerHu && row.Data.Name != "balanced by the batch");

    [Fact]
    public void Every_loss_there_is_has_a_case()
    {
        var losses = typeof(TaskLoss).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(TaskLoss)));

        Assert.Equal(
            losses.Where(type => !type.IsAbstract).Select(type => type.Name).Order(),
            LossCase.All.Select(loss => loss.Loss.GetType().Name).Distinct().Order()
        );
    }

    [Theory]
    [MemberData(nameof(LossCase.Rows), MemberType = typeof(LossCase))]
    public void A_row_of_weight_0_is_as_if_it_were_missing_to_the_bit(LossCase loss)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var single in new[] { false, true })
        {
            for (var seed = 0; seed < 10; seed++)
            {
                var weights = WeightsOf(loss, seed, [0, 0.3f, 1, 2.5f]);
                var counting = weights.ne(0);
                var raw = Raw(loss, seed, single);
                // What stands where a row weighs nothing is of no matter.
                var missing = TaskTarget.FromRaw(raw, counting).Weighted(weights.masked_fill(weights.eq(0), 7));

                var found = Graded(loss, seed, single, TaskTarget.FromRaw(raw).Weighted(weights));

                Assert.Equal(Graded(loss, seed, single, missing), found);
                Assert.Equal(missing.PresentCount, raw.numel() / raw.size(0) * counting.sum().item<long>());
            }
        }
    }

    [Theory]
    [MemberData(nameof(LossCase.Rows), MemberType = typeof(LossCase))]
    public void Weights_of_0_and_1_are_marks(LossCase loss)
    {
        using var scope = torch.NewDisposeScope();
        for (var seed = 0; seed < 10; seed++)
        {
            var weights = WeightsOf(loss, seed, [0, 1]);
            var (raw, mask) = (loss.RawTarget(seed), loss.Mask(seed));

            var weighted = TaskTarget.FromRaw(raw, mask).Weighted(torch.ones_like(weights)).Weigh(weights);
            var marked = TaskTarget.FromRaw(raw, OfTargets(weights, raw).ne(0).logical_and(mask));

            Assert.Null(weighted.Weights);
            Assert.Equal(marked.PresentCount, weighted.PresentCount);
            Assert.Equal(Graded(loss, seed, false, marked), Graded(loss, seed, false, weighted));
        }
    }

    [Theory]
    [MemberData(nameof(LossCase.Rows), MemberType = typeof(LossCase))]
    public void A_row_of_weight_2_is_as_if_it_were_there_twice(LossCase loss)
    {
        using var scope = torch.NewDisposeScope();
        for (var seed = 0; seed < 20; seed++)
        {
            var weights = WeightsOf(loss, seed, [0, 1, 2, 3]);
            var rows = Repeated(weights);
            var (raw, mask) = (loss.RawTarget(seed), loss.Mask(seed));
            var output = loss.Output(seed).requires_grad_();
            var repeated = loss.Loss.Compute(
                output.index_select(0, rows),
                TaskTarget.FromRaw(raw.index_select(0, rows), mask.index_select(0, rows))
            );
            repeated.backward();

            var found = Graded(loss, seed, false, TaskTarget.FromRaw(raw, mask).Weigh(weights));

            double[] expected = [repeated.item<double>(), .. output.grad!.flatten().data<double>().ToArray()];
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        }
    }

    [Theory]
    [MemberData(nameof(AdditiveRows))]
    public void Parts_add_up_to_the_whole(LossCase loss)
    {
        using var scope = torch.NewDisposeScope();
        for (var seed = 0; seed < 20; seed++)
        {
            var weights = WeightsOf(loss, seed, [0, 0.3f, 1, 2.5f]);
            var output = loss.Output(seed);
            var target = TaskTarget.FromRaw(loss.RawTarget(seed), loss.Mask(seed)).Weigh(weights);
            var (sum, total) = (0.0, 0.0);
            for (var row = 0L; row < output.size(0); row++)
            {
                var part = target.Map(tensor => tensor.narrow(0, row, 1));
                sum += loss.Loss.WeightOf(part) * loss.Loss.Compute(output.narrow(0, row, 1), part).item<double>();
                total += loss.Loss.WeightOf(part);
            }

            Assert.Equal(loss.Loss.WeightOf(target), total, 1e-6);
            Assert.Equal(loss.Loss.Compute(output, target).item<double>(), total == 0 ? 0 : sum / total, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(LossCase.Rows), MemberType = typeof(LossCase))]
    public void The_unit_of_the_weights_is_of_no_matter(LossCase loss)
    {
        using var scope = torch.NewDisposeScope();
        var weights = WeightsOf(loss, 3, [0.5f, 1, 2]);
        var target = TaskTarget.FromRaw(loss.RawTarget(3));

        var small = loss.Loss.Compute(loss.Output(3), target.Weighted(weights.mul(1.0 / 1024)));

        Assert.Equal(
            loss.Loss.Compute(loss.Output(3), target.Weighted(weights)).item<double>(),
            small.item<double>(),
            1e-12
        );
    }

    private static Tensor Raw(LossCase loss, int seed, bool single)
    {
        var raw = loss.RawTarget(seed);
        return single && !loss.HasClassNumbers ? raw.to(ScalarType.Float32) : raw;
    }

    /// <summary>The loss, and after it its slope by each output.</summary>
    private static double[] Graded(LossCase loss, int seed, bool single, TaskTarget target)
    {
        var output = loss.Output(seed).to(single ? ScalarType.Float32 : ScalarType.Float64).detach().requires_grad_();
        var value = loss.Loss.Compute(output, target);
        value.backward();
        return
        [
            value.to(ScalarType.Float64).item<double>(),
            .. output.grad!.to(ScalarType.Float64).flatten().data<double>().ToArray(),
        ];
    }

    /// <summary>One of some weights for each row; the first row never weighs 0.</summary>
    private static Tensor WeightsOf(LossCase loss, int seed, float[] choice)
    {
        var random = new Random(seed + 10);
        float[] weights =
        [
            .. Enumerable.Range(0, (int)loss.TargetShape[0]).Select(_ => choice[random.Next(choice.Length)]),
        ];
        weights[0] = choice[^1];
        return torch.tensor(weights);
    }

    private static Tensor OfTargets(Tensor weights, Tensor raw) =>
        weights.view([weights.size(0), .. Enumerable.Repeat(1L, (int)raw.dim() - 1)]).expand(raw.shape);

    private static Tensor Repeated(Tensor weights) =>
        torch.tensor([
            .. weights.data<float>().ToArray().SelectMany((weight, row) => Enumerable.Repeat((long)row, (int)weight)),
        ]);
}
