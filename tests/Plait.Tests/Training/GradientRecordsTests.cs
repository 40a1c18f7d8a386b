using System.Text.Json;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tests.Optimization;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>What the record of a look at task gradients says.</summary>
[Collection("torch")]
public sealed class GradientRecordsTests
{
    [Fact]
    public void Tasks_without_a_part_in_the_step_have_no_norm_and_no_cosine()
    {
        var record = Of(StepContexts.Regressions(3).Select(0, 2), [3, 4], [4, 3]);

        Assert.Equal([5, double.NaN, 5], record.Norms);
        Assert.Equal(1, record.Cosines[0], 1e-12);
        Assert.Equal(0.96, record.Cosines[2], 1e-12);
        Assert.Equal(0.96, record.Cosines[6], 1e-12);
        Assert.All(new[] { 1, 3, 4, 5, 7 }, place => Assert.True(double.IsNaN(record.Cosines[place])));
        Assert.All(record.UpdateWeights, weight => Assert.True(double.IsNaN(weight)));
    }

    [Fact]
    public void A_gradient_of_zero_has_a_norm_and_no_cosine()
    {
        var record = Of(StepContexts.Regressions(2).All, [3, 4], [0, 0]);

        Assert.Equal([5, 0], record.Norms);
        Assert.Equal([1, double.NaN, double.NaN, double.NaN], record.Cosines);
    }

    [Fact]
    public void Records_of_earlier_versions_have_no_compliance()
    {
        var record = JsonSerializer.Deserialize<GradientRecord>(
            """{"Step":3,"Norms":[1,2],"Cosines":[1,0,0,1],"Condition":4,"UpdateWeights":[1,1]}"""
        );

        Assert.Equal(4, record!.Condition);
        Assert.True(double.IsNaN(record.Compliance));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.5, 4)]
    [InlineData(1e-3, 1e6)]
    [InlineData(5e-4, 4e6)]
    [InlineData(4.1e-4, double.PositiveInfinity)] // an eigenvalue of 1.7e-7, below 2 * 2^-23 = 2.4e-7
    [InlineData(1e-4, double.PositiveInfinity)] // beyond what gradients in single precision tell
    [InlineData(0, double.PositiveInfinity)]
    public void The_condition_is_the_largest_eigenvalue_over_the_smallest(double second, double expected)
    {
        var found = Of(StepContexts.Regressions(2).All, [1, 0], [0, second]).Condition;

        Assert.Equal(1 / expected, 1 / found, 1e-6 / expected);
    }

    private static GradientRecord Of(TaskSelection tasks, double[] first, double[] second)
    {
        using var scope = torch.NewDisposeScope();
        var rows = torch.tensor([.. first, .. second], ScalarType.Float64).view(2, 2).DetachFromDisposeScope();
        using var gradients = TaskGradients.OfRows(tasks, rows);
        return GradientRecords.From(7, tasks.Tasks.Count, gradients.Gramian());
    }
}
