using System.Collections.Concurrent;
using Plait.Faults.Commands;
using Plait.Faults.Killing;
using Plait.Faults.Recipes;
using Plait.Faults.Reports;

namespace Plait.Faults;

/// <summary>Every stateful method, hundreds of kills, and each fault of disks and signals many times; it writes a report.</summary>
[Collection("torch")]
public sealed class LongFaultTests
{
    private const int Seed = 1;
    private const int KillsOfRecipe = 10;
    private const int LeastKills = 200;
    private const int SideBySide = 3; // recipes at work, each one process at a time
    private const int KillsOfCommand = 12;
    private const int Damages = 2; // of each kind

    /// <summary>From where not even the run store finds room, over where no checkpoint does, to where all does.</summary>
    private static readonly int[] Sizes = [60, 200, 700, 1000, 1400, 8000];

    private static readonly (string Name, string[] Options)[] Trainings =
    [
        ("plait train", ["--patience", "0", "--epochs", "80", "--batch-size", "16"]),
        (
            "plait train, uncertainty + pcgrad + adamw, cosine",
            [
                .. new[] { "--patience", "0", "--epochs", "60", "--batch-size", "16", "--weighting", "uncertainty" },
                .. new[] { "--aggregator", "pcgrad", "--optimizer", "adamw", "--learning-rate-schedule", "cosine" },
                .. new[] { "--encoder", "mlp:widths=32,dropout=0.2" },
            ]
        ),
    ];

    private static readonly FaultReport Report = new();

    [Fact(Explicit = true)]
    [Trait("category", "slow")]
    public void Every_method_goes_on_after_kills_to_the_same_bits()
    {
        Parallel.ForEach(
            Partitioner.Create(DrawingHost.Start(Seed).Index(), EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide },
            recipe => Report.Add(KilledTraining.Run(recipe.Item, KillsOfRecipe, new Random(recipe.Index)))
        );
        Assert.True(!Report.Faults.Any(), string.Join('\n', Report.Faults));
        Assert.InRange(Report.Kills, LeastKills, int.MaxValue);
    }

    [Fact(Explicit = true)]
    [Trait("category", "slow")]
    public void Commands_go_on_after_kills_signals_and_full_disks()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux(),
            "It needs signals, limits and the traces of processes as Linux has them."
        );
        var random = new Random(Seed);
        foreach (var (name, options) in Trainings)
        {
            Report.AddCommand(KilledTable.Run(name, KillsOfCommand, random, rows: 200, options));
        }

        Report.AddCommand(KilledComparison.Run(KillsOfCommand, random));
        foreach (var phase in Enum.GetValues<StopPhase>())
        {
            foreach (var signal in new[] { "INT", "TERM" })
            {
                Report.Add($"SIG{signal} while {phase}", StoppedTable.Run(phase, signal));
            }
        }

        for (var turn = 0; turn < 2 * Damages; turn++)
        {
            var truncate = turn % 2 == 0;
            Report.Add(
                $"newest checkpoint {(truncate ? "cut off" : "with bits flipped")} ({(turn / 2) + 1})",
                DamagedCheckpoint.Run(random, truncate)
            );
        }

        foreach (var size in Sizes)
        {
            Report.Add($"no file above {size} KiB", FullDisk.WithFilesUpTo(size));
            if (FullDisk.CanMount())
            {
                Report.Add($"a disk of {size} KiB", FullDisk.OnDiskOf(size));
            }
        }

        Assert.True(!Report.Faults.Any(), string.Join('\n', Report.Faults));
    }
}
