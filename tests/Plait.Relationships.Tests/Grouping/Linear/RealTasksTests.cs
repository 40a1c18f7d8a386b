using Plait.Relationships.Grouping.Linear;

namespace Plait.Relationships.Tests.Grouping.Linear;

/// <summary>Real tasks of few rows each: learned together they do better than each alone under its best penalty.</summary>
public sealed class RealTasksTests(ITestOutputHelper output)
{
    [Fact]
    public void Exam_scores_of_139_schools()
    {
        var rows = SharedTable.Read("school");
        var mean = rows.Average(row => row.Target);
        var (training, test) = SharedTable.Split(
            [.. rows.Select(row => (row.Task, row.Inputs, row.Target - mean))],
            every: 4,
            features: 27
        );

        var alone = new[] { 1.0, 3 }.Min(penalty => Loss(IndependentRidge.Fit(training, penalty), test));
        var together = Loss(GoMtl.Fit(training, 3, sparsity: 30, ridge: 0.3, tolerance: 1e-3).Models, test);

        output.WriteLine($"scores, squared error: {alone:0.0} alone, {together:0.0} go-mtl");
        Assert.True(together < 0.93 * alone, $"{together} against {alone} alone");
    }

    [Fact]
    public void Mines_in_29_fields()
    {
        var rows = SharedTable.Read("landmine");
        var (training, test) = SharedTable.Split(rows, every: 8, features: 9);

        var alone = new[] { 0.01, 0.03, 0.1 }.Min(penalty =>
            Loss(IndependentRidge.Fit(training, penalty, LinearLoss.Logistic), test)
        );
        var latent = GoMtl.Fit(training, 2, 0.03, 0.01, LinearLoss.Logistic, tolerance: 1e-4);
        var clustered = ClusteredMtl.Fit(training, 2, 0.003, LinearLoss.Logistic, starts: 2, tolerance: 1e-3);
        var (together, grouped) = (Loss(latent.Models, test), Loss(clustered.Models, test));

        output.WriteLine($"mines, log loss: {alone:0.000} alone, {together:0.000} go-mtl, {grouped:0.000} clustered");
        Assert.True(together < 0.93 * alone, $"{together} against {alone} alone");
        Assert.True(grouped < 0.95 * alone, $"{grouped} against {alone} alone");
    }

    private static double Loss(LinearModels models, LinearTaskData[] test) =>
        test.Select((data, task) => models.MeanLoss(task, data) * data.Rows).Sum() / test.Sum(data => data.Rows);
}
