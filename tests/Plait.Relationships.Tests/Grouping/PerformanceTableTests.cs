using Plait.Relationships.Grouping;

namespace Plait.Relationships.Tests.Grouping;

public sealed class PerformanceTableTests
{
    public static TheoryData<string[], double[], double, string> BadNetworks =>
        new()
        {
            { ["a", "c"], [1, 1], 1, "learns 'c', which is none of the tasks a, b" },
            { ["a"], [1, 2], 1, "1 tasks and 2 losses" },
            { ["a", "b"], [1], 1, "2 tasks and 1 losses" },
            { [], [], 1, "0 tasks and 0 losses" },
            { ["a"], [double.NaN], 1, "The loss of 'a' in network 2 is NaN" },
            { ["a"], [double.PositiveInfinity], 1, "must be a finite number" },
            { ["a"], [1], 0, "costs 0; a cost is a number above 0" },
            { ["a", "a"], [1, 1], 1, "names a task twice" },
            { ["b", "a"], [3, 4], 1, "Networks 1 and 2 both learn b, a at the cost 1" },
        };

    [Theory]
    [MemberData(nameof(BadNetworks))]
    public void A_network_that_cannot_be_is_refused(string[] tasks, double[] losses, double cost, string message)
    {
        var failure = Assert.Throws<ArgumentException>(() =>
            new PerformanceTable(
                ["a", "b"],
                [new CandidateNetwork(["a", "b"], [1, 2]), new CandidateNetwork(tasks, losses, cost)]
            )
        );
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_are_named_once_and_are_64_at_most()
    {
        Assert.Throws<ArgumentException>(() => new PerformanceTable(["a", "a"], []));
        Assert.Throws<ArgumentException>(() => new PerformanceTable([], []));
        Assert.Throws<ArgumentException>(() =>
            new PerformanceTable([.. Enumerable.Range(0, 65).Select(task => $"{task}")], [])
        );
    }

    [Fact]
    public void A_set_may_come_at_two_costs() =>
        Assert.Equal(
            1,
            new PerformanceTable(
                ["a"],
                [new CandidateNetwork(["a"], [2], 0.5), new CandidateNetwork(["a"], [1])]
            ).DistinctSets
        );

    [Fact]
    public void The_losses_of_larger_sets_are_predicted_from_pairs()
    {
        var table = new PerformanceTable(
            ["a", "b", "c"],
            [
                new CandidateNetwork(["a"], [9], 0.5),
                new CandidateNetwork(["a"], [8]),
                new CandidateNetwork(["b"], [9]),
                new CandidateNetwork(["c"], [9]),
                new CandidateNetwork(["a", "b"], [1, 2]),
                new CandidateNetwork(["a", "c"], [3, 4]),
                new CandidateNetwork(["c", "b"], [5, 7]),
                new CandidateNetwork(["a", "b", "c"], [100, 100, 100]),
            ]
        );

        var predicted = HigherOrderApproximation.Predict(table);

        Assert.Equal(8, predicted.Networks.Count);
        Assert.Equal(["a", "b", "c"], predicted.Networks[7].Tasks);
        Assert.Equal([2, 4.5, 4.5], predicted.Networks[7].Losses);
    }

    [Fact]
    public void A_prediction_needs_every_pair_at_one_cost()
    {
        List<CandidateNetwork> networks =
        [
            new(["a"], [9]),
            new(["b"], [9]),
            new(["c"], [9]),
            new(["a", "b"], [1, 2]),
            new(["b", "c"], [1, 2]),
        ];

        var missing = Assert.Throws<ArgumentException>(() =>
            HigherOrderApproximation.Predict(new PerformanceTable(["a", "b", "c"], networks))
        );
        networks.Add(new CandidateNetwork(["a", "c"], [1, 2], 0.5));
        var dear = Assert.Throws<ArgumentException>(() =>
            HigherOrderApproximation.Predict(new PerformanceTable(["a", "b", "c"], networks))
        );

        Assert.Contains("the pair 'a' and 'c' is missing", missing.Message, StringComparison.Ordinal);
        Assert.Contains("The pair 'a' and 'c' costs 0.5, another pair 1", dear.Message, StringComparison.Ordinal);
    }
}
