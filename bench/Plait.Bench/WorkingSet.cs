using System.Diagnostics;
using Plait.Optimization.GradientModulation;
using Plait.Training;

namespace Plait.Bench;

/// <summary>Prints the process's memory and torch's tensors every thousand steps of one training.</summary>
internal static class WorkingSet
{
    private const int StepsPerEpoch = 100;
    private const int Every = 1_000;

    public static void Watch(int steps)
    {
        var workload = Workload.Small(StepsPerEpoch);
        using var batches = workload.Data.Batches(workload.BatchSize, shuffleSeed: 1);
        var recipe = new Recipe { Aggregator = new PCGrad(), Epochs = steps / StepsPerEpoch };
        Console.WriteLine("|  steps | working set (MiB) | tensors |");
        Console.WriteLine("|-------:|------------------:|--------:|");
        new Trainer(workload.Network, recipe) { ProgressInterval = TimeSpan.MaxValue }.Fit(
            batches,
            progress: new Rows()
        );
    }

    private sealed class Rows : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            var steps = (long)value.Epoch * StepsPerEpoch;
            if (value.Finished is null || (steps % Every != 0 && steps != StepsPerEpoch))
            {
                return;
            }

            using var process = Process.GetCurrentProcess();
            Console.WriteLine(
                $"| {steps, 6} | {process.WorkingSet64 / (1024.0 * 1024), 17:0.0} | {Tensor.TotalCount, 7} |"
            );
        }
    }
}
