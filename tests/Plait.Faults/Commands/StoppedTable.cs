using System.Diagnostics;
using Plait.Faults.Processes;

namespace Plait.Faults.Commands;

/// <summary>What a training is at when a signal comes.</summary>
public enum StopPhase
{
    /// <summary>It has the table's file open.</summary>
    Reading,

    /// <summary>It has ended an epoch, of many steps.</summary>
    Training,

    /// <summary>It has ended an epoch, of one step: it is mostly between epochs.</summary>
    BetweenEpochs,

    /// <summary>The model's folder has appeared.</summary>
    Saving,
}

/// <summary>Sends `plait train` a signal while it is at something, goes on, and compares.</summary>
internal static class StoppedTable
{
    private const int Interrupted = 130;
    private const int Rows = 200;

    /// <returns>What was not as it should be; nothing where all was.</returns>
    public static IReadOnlyList<string> Run(StopPhase phase, string signal)
    {
        var batch = phase == StopPhase.BetweenEpochs ? "1000000" : "16";
        string[] options = ["--patience", "0", "--epochs", "80", "--batch-size", batch];
        using var broken = new TableTraining(Rows, options);
        var ending = StopWhen(broken, phase, signal);
        var faults = new List<string>();
        if (ending.Code != 0 || phase != StopPhase.Saving)
        {
            faults.AddRange(FaultsOf(ending, broken));
        }

        if (broken.Next() is not null)
        {
            broken.Finish();
        }

        faults.AddRange(broken.Differences().Select(name => $"{name} differs"));
        return faults;
    }

    private static IEnumerable<string> FaultsOf(Ending ending, TableTraining broken)
    {
        if (ending.FaultOfFailure(Interrupted) is { } fault)
        {
            yield return fault;
        }
        else if (broken.Run is { } run && ending.Errors[0] != $"plait: interrupted; go on with: plait resume {run.Id}")
        {
            yield return $"not how to go on: {ending.Error}";
        }
    }

    private static Ending StopWhen(TableTraining training, StopPhase phase, string signal)
    {
        using var child = PlaitProgram.Start(training.Command);
        var waited = Stopwatch.StartNew();
        while (!IsAt(child, training, phase) && !child.HasEnded && waited.Elapsed < TimeSpan.FromMinutes(2))
        {
            Thread.Sleep(1);
        }

        child.Signal(signal);
        return child.Wait();
    }

    private static bool IsAt(Child child, TableTraining training, StopPhase phase) =>
        phase switch
        {
            StopPhase.Reading => child.HasOpen(training.Table),
            StopPhase.Saving => Directory.Exists(training.Model),
            _ => training.Epochs > 0,
        };
}
