using System.Diagnostics;
using System.Globalization;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Bench;

/// <summary>What it takes to find the weights once the Gramian is there, for every aggregator that asks for no more, in microseconds.</summary>
/// <remarks>
/// Gradients are normal random vectors of twice as many numbers as there are tasks, every second one pulled against the others
/// ("conflicting") or not ("typical"). Each number is the smallest mean of several runs: other programs only ever add to it.
/// </remarks>
internal static class SolverLatency
{
    private static readonly int[] Counts = [2, 5, 10, 20, 50, 100];
    private static readonly TimeSpan Run = TimeSpan.FromMilliseconds(20);
    private const int Runs = 9;

    public static void Print(string? name)
    {
        Console.WriteLine($"| method, gradients | {string.Join(" | ", Counts.Select(count => $"T = {count}"))} |");
        Console.WriteLine($"|---|{string.Concat(Counts.Select(_ => "---:|"))}");
        foreach (var entry in MethodCatalog.Of(MethodKind.Aggregator))
        {
            if (!entry.Type.IsSubclassOf(typeof(GramianAggregator)) || (name is not null && entry.Name != name))
            {
                continue;
            }

            foreach (var pull in new[] { 0.0, 1.0 })
            {
                var times = Counts.Select(count => Measure(entry.Name, count, pull));
                Console.WriteLine(
                    $"| {entry.Name}, {(pull == 0 ? "typical" : "conflicting")} | {string.Join(" | ", times)} |"
                );
            }
        }
    }

    private static string Measure(string name, int count, double pull)
    {
        var aggregator = (GramianAggregator)MethodCatalog.Create<GradientAggregator>(name);
        var step = new StepContext
        {
            Tasks = new TaskSet(Enumerable.Range(0, count).Select(task => LearningTask.Regression($"task {task}"))),
        };
        var (gramian, weights, losses) = (Gramian(count, pull), new double[count], new double[count]);
        Array.Fill(losses, 1);
        aggregator.Begin(count);
        var least = double.PositiveInfinity;
        try
        {
            for (var run = 0; run <= Runs; run++)
            {
                var (calls, clock) = (0, Stopwatch.StartNew());
                for (; clock.Elapsed < Run; calls++)
                {
                    aggregator.Weigh(new GramianView(gramian, losses: losses), weights, step);
                }

                least = run == 0 ? least : Math.Min(least, clock.Elapsed.TotalMicroseconds / calls);
            }
        }
        catch (ArgumentException)
        {
            return "-"; // so few tasks are not for this method
        }

        return least.ToString(least < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
    }

    private static double[] Gramian(int count, double pull)
    {
        var random = new Random(count);
        var rows = new double[count][];
        for (var i = 0; i < count; i++)
        {
            rows[i] = new double[2 * count];
            for (var k = 0; k < rows[i].Length; k++)
            {
                var normal =
                    Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                rows[i][k] = normal + (i % 2 == 0 ? pull : -pull);
            }
        }

        return [.. rows.SelectMany(left => rows.Select(right => left.Zip(right, (a, b) => a * b).Sum()))];
    }
}
