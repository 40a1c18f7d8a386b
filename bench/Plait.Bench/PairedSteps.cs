using System.Globalization;
using Plait.Catalogue;
using Plait.Data;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Bench;

/// <summary>Steps of one training, each followed by one of the bound: what the load changes within minutes touches both alike.</summary>
internal static class PairedSteps
{
    private const int Warmup = 2; // compiles, and touches memory for the first time

    /// <param name="problem">See <see cref="Workload.Named"/>.</param>
    /// <param name="aggregator">The method.</param>
    /// <param name="pairs">How many steps of each.</param>
    /// <param name="batches">On how many batches the method looks at the tasks' gradients in a step.</param>
    public static void Run(string problem, string aggregator, int pairs, int batches)
    {
        var workload = Workload.Named(problem, Warmup + pairs + 1);
        var bound = MethodSteps.Bound(workload, steps: 1, batches);
        var ratios = new List<double>();
        var began = TimeSpan.Zero;
        using var source = new Interrupted(
            workload.Data.Batches(workload.BatchSize),
            batches,
            step =>
            {
                var own = Environment.CpuUsage.TotalTime - began;
                var before = Environment.CpuUsage.TotalTime;
                bound();
                began = Environment.CpuUsage.TotalTime;
                if (step > Warmup)
                {
                    ratios.Add(own / (began - before));
                }
            }
        );
        var recipe = new Recipe
        {
            Aggregator = MethodCatalog.Create<GradientAggregator>(aggregator),
            Epochs = 1,
            GradientRecordInterval = 0,
        };
        new Trainer(workload.Network, recipe).Fit(source);
        ratios.Sort();
        Console.WriteLine("| method | median of the pairs' ratios | quartiles |\n|---|---:|---:|");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {problem}, {aggregator} over the bound | {ratios[ratios.Count / 2]:0.000} | {ratios[ratios.Count / 4]:0.000} to {ratios[3 * ratios.Count / 4]:0.000} |"
            )
        );
    }

    /// <summary>Batches, with something done before each step's first is read.</summary>
    private sealed class Interrupted(MultiTaskDataLoader batches, int ofStep, Action<int> before) : MultiTaskDataLoader
    {
        private int read;

        public override RowStreams Streams => batches.Streams;

        public override long RowsOf(int task) => batches.RowsOf(task);

        public override int BatchesOf(int task) => batches.BatchesOf(task);

        public override MultiTaskBatch Read(TaskSelection tasks, ReadOnlySpan<long> places)
        {
            if (read++ % ofStep == 0)
            {
                before(read / ofStep);
            }

            return batches.Read(tasks, places);
        }

        protected override void Dispose(bool disposing)
        {
            batches.Dispose();
            base.Dispose(disposing);
        }
    }
}
