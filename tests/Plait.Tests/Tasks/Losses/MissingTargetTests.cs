using Plait.Tasks;
using Plait.Tasks.Losses;

namespace Plait.Tests.Tasks.Losses;

public sealed class MissingTargetTests
{
    [Theory]
    [MemberData(nameof(LossCase.PointwiseRows), MemberType = typeof(LossCase))]
    public void Missing_targets_cost_what_dropping_them_costs(LossCase loss)
    {
        using var scope = torch.NewDisposeScope();
        for (var seed = 0; seed < 20; seed++)
        {
            var (output, raw, mask) = (loss.Output(seed), loss.RawTarget(seed), loss.Mask(seed));
            // One target a row, so that rows can be dropped: [targets, channels of one target] and [targets].
            var flatOutput = loss.HasClassNumbers
                ? output.movedim([1], [-1]).reshape(-1, loss.OutputShape[1])
                : output.reshape(-1);
            var kept = mask.flatten().nonzero().flatten();
            var expected = loss.Loss.Compute(
                flatOutput.index_select(0, kept),
                TaskTarget.Of(raw.flatten().index_select(0, kept))
            );

            foreach (var target in WaysToBeMissing(loss, raw, mask))
            {
                Assert.Equal(expected.item<double>(), loss.Loss.Compute(output, target).item<double>(), 1e-12);
                Assert.Equal(kept.shape[0], target.PresentCount);
            }
        }
    }

    [Theory]
    [MemberData(nameof(LossCase.SmoothRows), MemberType = typeof(LossCase))]
    public void Gradient_is_that_of_finite_differences_and_exactly_zero_where_a_target_is_missing(LossCase loss)
    {
        using var scope = torch.NewDisposeScope();
        for (var seed = 0; seed < 5; seed++)
        {
            var output = loss.Output(seed).requires_grad_();
            var mask = loss.Mask(seed);
            var target = TaskTarget.FromRaw(loss.RawTarget(seed), mask);
            loss.Loss.Compute(output, target).backward();

            var outputMask = loss.HasClassNumbers
                ? mask.unsqueeze(1).expand(loss.OutputShape)
                : mask.view(loss.OutputShape);
            Assert.Equal(0, output.grad!.masked_select(outputMask.logical_not()).count_nonzero().item<long>());
            var slopes = Slopes(loss.Loss, output.detach(), target);
            Assert.True(slopes.sub(output.grad!).abs().max().item<double>() < 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(LossCase.Rows), MemberType = typeof(LossCase))]
    public void Batch_without_any_target_costs_nothing_and_moves_nothing(LossCase loss)
    {
        using var scope = torch.NewDisposeScope();
        var output = loss.Output(1).requires_grad_();
        var raw = loss.RawTarget(1);

        foreach (var target in WaysToBeMissing(loss, raw, torch.zeros_like(raw, ScalarType.Bool)))
        {
            var value = loss.Loss.Compute(output, target);
            value.backward();

            Assert.Equal(0, value.item<double>());
            Assert.Equal(0, output.grad!.count_nonzero().item<long>());
        }
    }

    [Theory]
    [MemberData(nameof(LossCase.Rows), MemberType = typeof(LossCase))]
    public void Batch_without_rows_costs_nothing(LossCase loss)
    {
        using var scope = torch.NewDisposeScope();

        var value = loss.Loss.Compute(
            loss.Output(1).narrow(0, 0, 0),
            TaskTarget.FromRaw(loss.RawTarget(1).narrow(0, 0, 0))
        );

        Assert.Equal(0, value.item<double>());
    }

    [Fact]
    public void Class_of_weight_zero_alone_costs_nothing()
    {
        using var scope = torch.NewDisposeScope();
        using var output = torch
            .tensor(
                new[,]
                {
                    { 1.0, -1 },
                    { 0.5, 2 },
                }
            )
            .requires_grad_();

        var value = new CrossEntropy([0, 1]).Compute(output, TaskTarget.Of(torch.zeros(2, ScalarType.Int64)));
        value.backward();

        Assert.Equal(0, value.item<double>());
        Assert.Equal(0, output.grad!.count_nonzero().item<long>());
    }

    private static IEnumerable<TaskTarget> WaysToBeMissing(LossCase loss, Tensor raw, Tensor mask)
    {
        yield return TaskTarget.FromRaw(raw, mask);
        if (loss.HasClassNumbers)
        {
            yield return TaskTarget.FromRaw(raw.masked_fill(mask.logical_not(), -1));
            yield return TaskTarget.FromRaw(raw.masked_fill(mask.logical_not(), 255), ignoreIndex: 255);
        }
        else
        {
            yield return TaskTarget.FromRaw(raw.masked_fill(mask.logical_not(), double.NaN));
        }
    }

    private static Tensor Slopes(TaskLoss loss, Tensor output, TaskTarget target)
    {
        const double Step = 1e-6;
        var slopes = torch.zeros_like(output);
        var (flat, flatSlopes) = (output.view(-1), slopes.view(-1));
        for (var i = 0; i < flat.shape[0]; i++)
        {
            var at = flat[i].item<double>();
            flat[i] = torch.tensor(at + Step);
            var above = loss.Compute(output, target).item<double>();
            flat[i] = torch.tensor(at - Step);
            var below = loss.Compute(output, target).item<double>();
            flat[i] = torch.tensor(at);
            flatSlopes[i] = torch.tensor((above - below) / (2 * Step));
        }

        return slopes;
    }
}
