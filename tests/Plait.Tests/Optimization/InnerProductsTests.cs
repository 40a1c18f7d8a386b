using Plait.Optimization;

namespace Plait.Tests.Optimization;

[Collection("torch")]
public sealed class InnerProductsTests
{
    /// <summary>Squares of single-precision numbers of this size vanish or overflow; their products in double do not.</summary>
    [Theory]
    [InlineData(1e-24f)]
    [InlineData(1f)]
    [InlineData(1e24f)]
    public void Products_between_rows_hold_where_single_precision_would_lose_them(float size)
    {
        using var scope = torch.NewDisposeScope();
        var (left, right) = (
            torch.tensor(
                new[,]
                {
                    { size, -size },
                }
            ),
            torch.tensor(
                new[,]
                {
                    { 2 * size, -size },
                }
            )
        );

        Assert.Equal(1, InnerProducts.Between(left, right)[0] / (3.0 * size * size), 1e-6);
    }

    [Fact]
    public void Gradients_whose_sum_alone_overflows_are_finite()
    {
        using var scope = torch.NewDisposeScope();

        FiniteRows.Require(torch.full([2, 4], 3e38f), StepContexts.Regressions(2).All);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_first_task_whose_gradient_is_not_finite_is_named(int broken)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = StepContexts.Regressions(3).All;
        Tensor?[] found = [torch.ones(2), torch.ones(2), null];
        FiniteRows.Require(found, tasks);
        found[broken] = torch.tensor([1, float.NaN]);

        var failure = Assert.Throws<NonFiniteException>(() => FiniteRows.Require(found, tasks));

        Assert.Equal((tasks[broken].Name, "gradient"), (failure.Task, failure.What));
    }
}
