using Plait.Relationships.Grouping;

namespace Plait.Relationships.Tests.Grouping;

/// <summary>The search for groups of many tasks, also on tables in which one task is unlike the others.</summary>
/// <remarks>
/// Affinities that are not the outlier's lie within half a unit of their middle. With the affinities' standard deviation for a temperature the
/// search lost up to 1.2 of 11 tasks' total to the exact answer, and up to an eighth of 24 tasks' total to what is found now.
/// </remarks>
public sealed class AffinityDescentTests(ITestOutputHelper output)
{
    private const double Rounding = 1e-6; // of sums whose parts are up to a million
    private const double Bar = 0.05; // under 1% of what the tasks but the outlier add up to

    private static readonly Deadline Unlimited = new(null, TimeProvider.System, CancellationToken.None);

    public static TheoryData<Outlier, double> Outliers =>
        [.. Enum.GetValues<Outlier>().SelectMany(outlier => new[] { (outlier, 1e3), (outlier, 1e6) })];

    [Theory]
    [MemberData(nameof(Outliers))]
    public void A_search_among_few_tasks_finds_what_is_exact_whatever_the_outlier(Outlier outlier, double factor)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            var table = OutlierTables.Table(seed, tasks: 11, outlier, factor, families: seed == 1);
            var best = new AffinitySelection().Select(table, 3);

            var found = Searched(table, 3);

            Assert.True(best.Optimal);
            Assert.InRange(found, best.Total - Rounding, best.Total + Rounding);
        }
    }

    [Theory]
    [InlineData(18, 3)]
    [InlineData(24, 4)]
    public void A_search_among_many_tasks_is_not_beaten_by_descents_whatever_the_outlier(int tasks, int groups)
    {
        foreach (var outlier in Enum.GetValues<Outlier>())
        {
            var table = OutlierTables.Table(tasks, tasks, outlier, 1000, families: (int)outlier % 2 == 1);
            var climbed = OutlierTables.Climbed(table, groups, starts: 4, seed: 1);

            var found = Searched(table, groups);

            output.WriteLine($"{outlier}: {found:0.0000} searched, {climbed:0.0000} climbed");
            Assert.True(found >= climbed - Bar, $"{outlier}: {found} searched, {climbed} climbed");
        }
    }

    [Fact]
    public void The_groups_do_not_depend_on_the_time_there_is_for_the_proof()
    {
        var table = OutlierTables.Table(3, 18, Outlier.Harmful, 1000, families: false);

        var (soon, late) = (Groups(1), Groups(4));

        Assert.Equal(soon, late);

        string Groups(int seconds) =>
            string.Join(
                " / ",
                new AffinitySelection { TimeLimit = TimeSpan.FromSeconds(seconds), Clock = new LookedAtClock() }
                    .Select(table, 3)
                    .Groups.Select(group => string.Join(' ', group.Tasks))
            );
    }

    [Theory]
    [InlineData(Outlier.None)]
    [InlineData(Outlier.Harmful)]
    [InlineData(Outlier.Sensitive)]
    public void After_a_climb_no_one_or_two_changes_raise_the_total(Outlier outlier)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var table = OutlierTables.Table(seed, 9, outlier, 100, families: seed % 2 == 1);
            var score = new AffinityScore(table, AloneScore.LastResort);
            var random = new Random(seed);
            ulong[] groups = [(1ul << 9) - 1, (ulong)random.Next(1 << 9), (ulong)random.Next(1 << 9)];
            var before = score.Total(groups);

            var total = new AffinityClimb(score).Improve(groups, Unlimited);

            Assert.True(total >= before);
            Assert.Equal(score.Total(groups), total);
            Assert.InRange(OutlierTables.GreatestGain(table, groups), double.NegativeInfinity, 1e-9);
        }
    }

    [Fact]
    public void Known_groups_are_put_together_to_the_best_there_is()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var table = OutlierTables.Table(seed, 10, Outlier.Harmful, 1000, families: true);
            var best = new AffinitySelection().Select(table, 4);
            var score = new AffinityScore(table, AloneScore.LastResort);
            var recombination = new AffinityRecombination(score, seed);
            recombination.Learn(
                best.Groups.Select(group =>
                    group.Tasks.Aggregate(0ul, (set, name) => set | (1ul << table.Tasks.ToList().IndexOf(name)))
                )
            );
            ulong[] groups = [(1ul << 10) - 1, 0, 0, 0];

            var total = recombination.Improve(groups, Unlimited);

            Assert.Equal(score.Total(groups), total);
            Assert.Equal(best.Total, total, 1e-9);
        }
    }

    /// <summary>What is found by the ways of more than 15 tasks, however many there are.</summary>
    private static double Searched(AffinityMatrix table, int groups)
    {
        var score = new AffinityScore(table, AloneScore.LastResort);
        var descent = new AffinityDescent(score, groups, seed: 1);
        var best = descent.Find(Unlimited);
        var proof = new AffinityBound(score, groups, seed: 1);
        proof.Prepare(descent.Total, descent.Seen, Unlimited);
        var recombination = new AffinityRecombination(score, seed: 1);
        recombination.Learn(proof.Known);
        return recombination.Improve(best, Unlimited);
    }

    /// <summary>A clock that goes a thousandth of a second further whenever it is looked at, so that no load of the machine changes a test.</summary>
    private sealed class LookedAtClock : TimeProvider
    {
        private long looks;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => looks++;
    }
}
