using BenchmarkDotNet.Attributes;
using Plait.Numerics;

namespace Plait.Bench;

/// <summary>The small solvers behind aggregators, on Gramians of gradients that conflict as random ones do; ratios to the shortest convex combination.</summary>
/// <remarks><c>-- latency</c> prints microseconds, the best of some rounds.</remarks>
public class SolverLatency
{
    private const int Parameters = 1000;
    private double[] gramian = [];
    private double[] shares = [];
    private double[] weights = [];
    private int calls;

    [Params(2, 5, 10, 20, 50, 100)]
    public int Tasks { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(0);
        var rows = new double[Tasks][];
        for (var i = 0; i < Tasks; i++)
        {
            rows[i] = [.. Enumerable.Range(0, Parameters).Select(_ => random.NextDouble() + random.NextDouble() - 1)];
        }

        gramian = [.. rows.SelectMany(left => rows.Select(right => left.Zip(right, (a, b) => a * b).Sum()))];
        shares = [.. Enumerable.Repeat(1.0 / Tasks, Tasks)];
        weights = new double[Tasks];
        calls = Math.Max(10, 20_000 / (Tasks * Tasks));
    }

    [Benchmark(Baseline = true, Description = "shortest convex combination (MGDA)")]
    public void MinNorm() => Repeat(() => MinNormPoint.Solve(gramian, weights));

    [Benchmark(Description = "projection of the mean (DualProj)")]
    public void Projection() => Repeat(() => ConeProjection.Solve(gramian, shares, weights));

    [Benchmark(Description = "projection of each (UPGrad)")]
    public void Projections() => Repeat(() => ConeProjection.SolveEach(gramian, shares, weights));

    [Benchmark(Description = "best worst product in a ball (CAGrad)")]
    public void Maximin() => Repeat(() => MaximinInBall.Solve(gramian, shares, 0.5, weights));

    /// <summary>Prints a table of microseconds a solve.</summary>
    public static void Print()
    {
        Console.WriteLine("| tasks | MGDA, us | DualProj, us | UPGrad, us | CAGrad, us |");
        Console.WriteLine("|---:|---:|---:|---:|---:|");
        foreach (var tasks in (int[])[2, 5, 10, 20, 50, 100])
        {
            var bench = new SolverLatency { Tasks = tasks };
            bench.Prepare();
            Action[] solvers = [bench.MinNorm, bench.Projection, bench.Projections, bench.Maximin];
            var times = solvers.Select(solver =>
            {
                var best = double.PositiveInfinity;
                for (var round = 0; round < 30; round++)
                {
                    var watch = System.Diagnostics.Stopwatch.StartNew();
                    solver();
                    best = Math.Min(best, watch.Elapsed.TotalMicroseconds / bench.calls);
                }

                return FormattableString.Invariant($"{best:0.0}");
            });
            Console.WriteLine($"| {tasks} | {string.Join(" | ", times)} |");
        }
    }

    private void Repeat(Action solve)
    {
        for (var call = 0; call < calls; call++)
        {
            solve();
        }
    }
}
