using Plait.Faults.Killing;

namespace Plait.Faults.Commands;

/// <summary>Kills `plait train` and `plait resume` again and again until the run has ended, and compares.</summary>
internal static class KilledTable
{
    public static KillRecord Run(string name, int kills, Random random, int rows, params string[] options)
    {
        var record = new KillRecord(name);
        var took = Measure(rows, options);
        while (record.Kills < kills && record.Faults.Count == 0)
        {
            using var broken = new TableTraining(rows, options);
            var before = record.Kills;
            var last = KillUntilItEnds(broken, kills, new CommandMoments(random, took), record);
            if (record.Faults.Count > 0)
            {
                break;
            }

            if (record.Kills == before)
            {
                took = last; // it ended before its moment: the machine is quicker now
            }

            broken.ClearFinished();
            var differences = broken.Differences(predictions: true);
            record.Ended(record.Kills > before, differences.Count == 0);
            if (differences.Count > 0)
            {
                record.Faults.Add($"after {record.Kills} kills another result: {string.Join(", ", differences)}");
            }
        }

        return record;
    }

    private static TimeSpan Measure(int rows, string[] options)
    {
        using var unbroken = new TableTraining(rows, options);
        return unbroken.Finish().Took;
    }

    /// <returns>How long the last command took.</returns>
    private static TimeSpan KillUntilItEnds(
        TableTraining training,
        int kills,
        CommandMoments moments,
        KillRecord record
    )
    {
        var last = TimeSpan.Zero;
        while (training.Next() is { } command)
        {
            using var child = PlaitProgram.Start(command);
            if (record.Kills < kills && !child.EndsWithin(moments.Next()) && child.Kill())
            {
                record.Killed(Phase(training));
                continue;
            }

            var ending = child.Wait();
            last = ending.Took;
            if (ending.Code != 0)
            {
                record.Faults.Add(
                    $"after {record.Kills} kills, `plait {command[0]}` gave exit code {ending.Code}: {ending.Error}"
                );
                break;
            }
        }

        return last;
    }

    /// <summary>What a run that was killed was at, as far as its traces tell.</summary>
    private static string Phase(TableTraining training) =>
        training.Run is null ? "starting or reading"
        : Directory.Exists(training.Model) ? "saving"
        : Directory.Exists(training.Checkpoints) ? "training, after a checkpoint"
        : training.Epochs > 0 ? "training, before a checkpoint"
        : "first epoch";
}
