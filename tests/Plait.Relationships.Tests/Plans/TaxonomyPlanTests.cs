using Plait.Jobs;
using Plait.Relationships.Plans;
using Plait.Relationships.Transfer;

namespace Plait.Relationships.Tests.Plans;

[Collection("torch")]
public sealed class TaxonomyPlanTests
{
    [Fact]
    public void A_taxonomy_chooses_by_validation_rows_and_reports_test_rows()
    {
        using var table = new FamilyTable(seed: 4, rows: 150);
        var plan = new TaxonomyPlan
        {
            Data = table.Source,
            Tasks = [.. FamilyTable.Names.Take(3)],
            Settings = FamilyTable.Settings with { Epochs = 2 },
            Sources = 1,
            TransferRows = 40,
        };
        var finished = PlanRunner.Run(plan, table.Folder);
        var honest = plan.Conclude(finished);

        // What would be known if all rows of the test part had other losses: no choice may be another.
        foreach (var job in finished)
        {
            var other = RowLosses
                .OfTest(job.Folder)
                .Select(
                    (_, row) => ((row * 7919) + job.Folder.Length + finished.ToList().IndexOf(job) * 31) % 101 + 1.0
                );
            File.WriteAllBytes(
                Directory.GetFiles(job.Folder, "test-*.bin").Single(),
                [.. other.SelectMany(BitConverter.GetBytes)]
            );
        }

        var changed = plan.Conclude(finished);
        Assert.Equal(honest.Sources, changed.Sources);
        Assert.Equal(Written(honest), Written(changed));
        Assert.NotEqual(honest.Gain, changed.Gain);
        var ofTarget = finished.Where(job => job.Planned.Job.Tasks![0] == "t0" && job.Planned.Name != "from scratch");
        Assert.Equal(
            AnalyticHierarchyProcess.AffinitiesOfLosses(
                Rows([.. ofTarget.Select(job => RowLosses.OfValidation(job.Folder))])
            ),
            honest.Transfers.Where(transfer => transfer.Target == "t0").Select(transfer => transfer.Value)
        );

        static IEnumerable<string> Written(MeasuredTaxonomy taxonomy) =>
            taxonomy.Transfers.Select(transfer => FormattableString.Invariant($"{transfer}: {transfer.Value:R}"));

        static double[,] Rows(double[][] rows)
        {
            var table = new double[rows.Length, rows[0].Length];
            for (var i = 0; i < table.Length; i++)
            {
                table[i / rows[0].Length, i % rows[0].Length] = rows[i / rows[0].Length][i % rows[0].Length];
            }

            return table;
        }
    }

    [Fact]
    public void A_taxonomy_supervises_one_task_of_each_family_and_transfers_within_it()
    {
        using var table = new FamilyTable(seed: 4);
        var plan = new TaxonomyPlan
        {
            Data = table.Source,
            Tasks = FamilyTable.Names,
            Settings = FamilyTable.Settings,
            Sources = 2,
            Order = 2,
            Beam = 2,
            TransferRows = 40,
        };
        plan.Check();

        var finished = PlanRunner.Run(plan, table.Folder);
        var answer = MeasuredTaxonomy.FromJson(plan.Answer(finished));

        Assert.Equal(6 + 30 + 6 + 6, finished.Count);
        Assert.Equal(2, answer.Sources.Count);
        Assert.Equal([0, 1], answer.Sources.Select(Family).Order());
        Assert.All(answer.Policy, pair => Assert.Contains(Family(pair.Key), pair.Value.Select(Family)));
        Assert.True(answer.Gain.Values.Average() > 0.6, $"gain {answer.Gain.Values.Average()}");
        foreach (var ofTarget in answer.Transfers.GroupBy(transfer => transfer.Target))
        {
            Assert.Equal(1, ofTarget.Sum(transfer => transfer.Value), 1e-9);
        }

        static int Family(string task) =>
            FamilyTable.Families[FamilyTable.Names.TakeWhile(name => name != task).Count()];
    }
}
