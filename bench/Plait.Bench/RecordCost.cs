using Plait.Training;

namespace Plait.Bench;

/// <summary>What records of the task gradients add to a training of the plain sum.</summary>
internal static class RecordCost
{
    private const int Steps = 100;

    public static void Run(int rounds)
    {
        foreach (var problem in (string[])["lenet", "mlp"])
        {
            var workload = Workload.Named(problem, Steps);
            int[] intervals = [0, 100, 50, 10];
            TurnByTurn.Print(
                problem,
                [.. intervals.Select(interval => interval == 0 ? "no records" : $"a record every {interval} steps")],
                TurnByTurn.Measure([.. intervals.Select(interval => (Action)(() => Fit(workload, interval)))], rounds)
            );
        }
    }

    private static void Fit(Workload workload, int interval)
    {
        using var batches = workload.Data.Batches(workload.BatchSize);
        new Trainer(workload.Network, new Recipe { Epochs = 1, GradientRecordInterval = interval }).Fit(batches);
    }
}
