using System.Diagnostics;
using System.Globalization;
using Plait.Relationships;
using Plait.Relationships.Grouping;

namespace Plait.Bench;

/// <summary>How long it takes to choose groups of tasks, and how near the proved bound comes where the answer is not exact.</summary>
/// <remarks>
/// Tables: every set of the tasks at cost 1 and half-size networks of one task at cost 0.5, losses uniform from 0 to 1. Affinities:
/// "families" fall into as many families as there are groups, with noise a third of what a family is worth; "offset" has five families, whatever the
/// groups, rows of different levels and noise two thirds of what a family is worth; "uniform" has no structure at all.
/// </remarks>
internal static class GroupingTimes
{
    public static void Print()
    {
        Console.WriteLine("| tasks | budget | total | networks | seconds |");
        Console.WriteLine("|---:|---:|---:|---:|---:|");
        NetworkSelection tables = new();
        tables.Select(Table(5), 3); // compiles
        foreach (var (tasks, budgets) in new[] { (10, new[] { 1.0, 1.5, 2, 2.5, 3, 4, 5, 10 }), (12, [2, 3.5, 6, 12]) })
        {
            var table = Table(tasks);
            foreach (var budget in budgets)
            {
                var clock = Stopwatch.StartNew();
                var found = tables.Select(table, budget);
                Row(
                    $"{tasks} | {budget} | {found.Total:0.0000} | {found.Groups.Count} | {clock.Elapsed.TotalSeconds:0.000}"
                );
            }
        }

        Console.WriteLine();
        Console.WriteLine("| affinities of 40 tasks | groups | total | bound | gap | seconds |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var kind in new[] { "families", "offset", "uniform" })
        {
            for (var groups = 3; groups <= 8; groups++)
            {
                var clock = Stopwatch.StartNew();
                var found = new AffinitySelection().Select(Affinities(kind, 40, groups), groups);
                Row(
                    $"{kind} | {groups} | {found.Total:0.0000} | {found.Bound:0.0000} | {100 * found.Gap:0.00} % | {clock.Elapsed.TotalSeconds:0.0}"
                );
            }
        }
    }

    private static void Row(FormattableString cells) =>
        Console.WriteLine($"| {cells.ToString(CultureInfo.InvariantCulture)} |");

    private static PerformanceTable Table(int count)
    {
        var random = new Random(count);
        string[] tasks = [.. Enumerable.Range(0, count).Select(task => $"t{task}")];
        var networks = tasks.Select(task => new CandidateNetwork([task], [random.NextDouble()], 0.5)).ToList();
        for (var set = 1; set < 1 << count; set++)
        {
            string[] members = [.. tasks.Where((_, task) => (set >> task & 1) == 1)];
            networks.Add(new CandidateNetwork(members, [.. members.Select(_ => random.NextDouble())]));
        }

        return new PerformanceTable(tasks, networks);
    }

    private static AffinityMatrix Affinities(string kind, int count, int groups)
    {
        var random = new Random(groups);
        var values = new double[count * count];
        for (var i = 0; i < count; i++)
        {
            var level = -100 * random.NextDouble();
            for (var j = 0; j < count; j++)
            {
                var normal =
                    Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                values[(i * count) + j] = kind switch
                {
                    "families" => (i % groups == j % groups ? 1 : 0) + (normal / 3),
                    "offset" => level + (i % 5 == j % 5 ? 8 : 0) + (16 * normal / 3),
                    _ => random.NextDouble(),
                };
            }
        }

        return new AffinityMatrix([.. Enumerable.Range(0, count).Select(task => $"t{task}")], values);
    }
}
