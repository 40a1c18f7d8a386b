using System.Diagnostics;
using System.Globalization;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Torch;
using Plait.Training;

namespace Plait.Bench;

/// <summary>What it gains to keep freed memory: the same training in processes of its own, by turns with and without.</summary>
internal static class FreedMemoryGain
{
    public static void Run(int rounds)
    {
        Console.WriteLine(
            "| problem and method | kept over not kept, median of the rounds' ratios | smallest and largest |"
        );
        Console.WriteLine("|---|---:|---:|");
        foreach (var problem in (string[])["mlp sum", "lenet sum", "resnet sum", "resnet mgda"])
        {
            var ratios = new double[rounds];
            for (var round = 0; round < rounds; round++)
            {
                var plain = Process(problem, "not-kept");
                ratios[round] = Process(problem, "kept") / plain;
            }

            Array.Sort(ratios);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {problem} | {ratios[rounds / 2]:0.000} | {ratios[0]:0.000}, {ratios[^1]:0.000} |"
                )
            );
        }
    }

    /// <summary>Prints the processor time of a training in this process, the second one of two.</summary>
    public static void Print(string problem, string aggregator, bool keep)
    {
        if (keep)
        {
            FreedMemory.Keep();
        }

        var steps = (problem, aggregator) switch
        {
            ("mlp", _) => 200,
            (_, "sum") => 40,
            _ => 4,
        };
        var workload = Workload.Named(problem, steps);
        var recipe = new Recipe
        {
            Aggregator = MethodCatalog.Create<GradientAggregator>(aggregator),
            Epochs = 1,
            GradientRecordInterval = 0,
        };
        var before = TimeSpan.Zero;
        for (var pass = 0; pass < 2; pass++)
        {
            before = Environment.CpuUsage.TotalTime;
            using var batches = workload.Data.Batches(workload.BatchSize);
            new Trainer(workload.Network, recipe).Fit(batches);
        }

        Console.WriteLine((Environment.CpuUsage.TotalTime - before).Ticks);
    }

    private static double Process(string problem, string kept)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(typeof(FreedMemoryGain).Assembly.Location);
        }

        foreach (var argument in (string[])["freed", .. problem.Split(' '), kept])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = System.Diagnostics.Process.Start(start)!;
        var ticks = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(ticks, CultureInfo.InvariantCulture);
    }
}
