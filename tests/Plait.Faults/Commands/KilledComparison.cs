using System.Diagnostics;
using Plait.Faults.Killing;
using Plait.Faults.Processes;

namespace Plait.Faults.Commands;

/// <summary>Kills a comparison, or its worker, or both, until it has ended, and compares its table.</summary>
internal static class KilledComparison
{
    private const string Command = "the command alone";
    private const string Worker = "its worker alone";
    private const string Both = "the command and its worker";
    private static readonly string[] Ways = [Command, Worker, Both];

    public static KillRecord Run(int kills, Random random)
    {
        var record = new KillRecord("plait compare");
        using var unbroken = new Comparing();
        var took = PlaitProgram.Run(unbroken.Command).Succeeds().Took;
        while (record.Kills < kills && record.Faults.Count == 0)
        {
            using var broken = new Comparing();
            var before = record.Kills;
            KillUntilItEnds(broken, kills, new CommandMoments(random, took), random, record);
            if (record.Faults.Count > 0)
            {
                break;
            }

            var isEqual = unbroken.Outcome() == broken.Outcome();
            record.Ended(record.Kills > before, isEqual);
            if (!isEqual)
            {
                record.Faults.Add($"after {record.Kills} kills another table");
            }
        }

        return record;
    }

    private static void KillUntilItEnds(
        Comparing comparing,
        int kills,
        CommandMoments moments,
        Random random,
        KillRecord record
    )
    {
        while (comparing.Next() is { } command)
        {
            using var child = PlaitProgram.Start(command);
            if (record.Kills < kills && !child.EndsWithin(moments.Next()))
            {
                var way = Ways[random.Next(Ways.Length)];
                if (way == Worker ? KillWorker(child) : child.Kill(tree: way == Both))
                {
                    record.Killed(way);
                    if (way == Worker)
                    {
                        RequireWayOn(child.Wait(), record);
                    }

                    continue;
                }
            }

            var ending = child.Wait();
            if (ending.Code != 0)
            {
                record.Faults.Add(
                    $"after {record.Kills} kills, `plait {command[0]}` gave exit code {ending.Code}: {ending.Error}"
                );
                return;
            }
        }
    }

    private static void RequireWayOn(Ending ending, KillRecord record)
    {
        if (ending.FaultOfFailure(1) is { } fault)
        {
            record.Faults.Add($"{Worker}: {fault}");
        }
        else if (!ending.Error.Contains("plait resume", StringComparison.Ordinal))
        {
            record.Faults.Add($"{Worker}: does not say how to go on: {ending.Error}");
        }
    }

    private static bool KillWorker(Child child)
    {
        if (child.Children() is not [var id, ..])
        {
            return false;
        }

        try
        {
            using var worker = Process.GetProcessById(id);
            worker.Kill();
            return true;
        }
        catch (ArgumentException)
        {
            return false; // it has ended meanwhile
        }
    }
}
