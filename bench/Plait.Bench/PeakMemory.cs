using System.Diagnostics;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Training;

namespace Plait.Bench;

/// <summary>Prints the most memory that a process held which trained ResNet18 on forty tasks by one method.</summary>
internal static class PeakMemory
{
    private const int Steps = 2;

    public static void Print(string aggregator, long? rowMemory)
    {
        var workload = Workload.ResNet40(Steps);
        using var batches = workload.Data.Batches(workload.BatchSize);
        var recipe = new Recipe
        {
            Aggregator = MethodCatalog.Create<GradientAggregator>(aggregator),
            RowMemory = rowMemory,
            Epochs = 1,
            GradientRecordInterval = 0,
        };
        new Trainer(workload.Network, recipe).Fit(batches);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"| {aggregator} | {rowMemory} | {process.PeakWorkingSet64 / (1024.0 * 1024):0} MiB |");
    }
}
