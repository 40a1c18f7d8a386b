using Plait.Faults.Host;
using Plait.Faults.Processes;
using Plait.Faults.Recipes;

namespace Plait.Faults.Killing;

/// <summary>Trains a recipe in one piece, then kills it again and again until it has ended, and compares.</summary>
internal static class KilledTraining
{
    public const string Writing = "writing a checkpoint";

    private const string Starting = "starting";

    /// <param name="recipe">What is trained.</param>
    /// <param name="kills">How many kills it has to survive; where it ends before, it starts anew.</param>
    /// <param name="random">When.</param>
    public static KillRecord Run(FaultRecipe recipe, int kills, Random random)
    {
        var record = new KillRecord(recipe.Name);
        using var unbroken = Prepare(recipe);
        var whole = Measure(unbroken, record);
        while (record.Kills < kills && record.Faults.Count == 0)
        {
            using var broken = Prepare(recipe);
            var before = record.Kills;
            KillUntilItEnds(broken, kills, new KillSteps(random, whole), record);
            Compare(unbroken, broken, record, wasKilled: record.Kills > before);
        }

        return record;
    }

    private static HostTimes Measure(Folder unbroken, KillRecord record)
    {
        using var child = Start(unbroken);
        var ending = child.Wait();
        if (ending.Code != 0)
        {
            record.Faults.Add($"the unbroken training failed with exit code {ending.Code}: {ending.Error}");
        }

        return HostTimes.Of(child.Lines, ending.Took);
    }

    private static void KillUntilItEnds(Folder folder, int kills, KillSteps steps, KillRecord record)
    {
        while (true)
        {
            using var child = Start(folder);
            var torn = Torn(folder);
            if (record.Kills < kills && steps.WaitForNext(child) && child.Kill())
            {
                var phase = child.Lines is [.., var (line, _)] ? line.Split(' ', 2)[1] : Starting;
                record.Killed(Torn(folder) > torn ? Writing : phase);
                continue;
            }

            var ending = child.Wait();
            if (ending.Code != 0)
            {
                record.Faults.Add($"after {record.Kills} kills, exit code {ending.Code}: {ending.Error}");
            }

            return;
        }
    }

    private static void Compare(Folder unbroken, Folder broken, KillRecord record, bool wasKilled)
    {
        if (record.Faults.Count > 0)
        {
            return;
        }

        var differences = Folder
            .Differences(
                Folder.Contents(unbroken.Of(TrainingHost.Results)),
                Folder.Contents(broken.Of(TrainingHost.Results))
            )
            .Concat(Checkpoint.Differences(LastCheckpoint(unbroken), LastCheckpoint(broken)))
            .ToArray();
        record.Ended(wasKilled, differences.Length == 0);
        if (differences.Length > 0)
        {
            record.Faults.Add($"after {record.Kills} kills another result: {string.Join(", ", differences)}");
        }
    }

    private static Folder Prepare(FaultRecipe recipe)
    {
        var folder = new Folder();
        File.WriteAllText(folder.Of(TrainingHost.RecipeFile), recipe.ToJson());
        return folder;
    }

    private static Child Start(Folder folder) => Child.Start("Plait.Faults", [Program.Host, folder.Path]);

    /// <summary>The newest: a fresh one where a kill came before it was renamed and no other was written since.</summary>
    private static string LastCheckpoint(Folder folder) =>
        new[] { "checkpoint.new.safetensors", "checkpoint.safetensors" }
            .Select(name => folder.Of(TrainingHost.Checkpoints, name))
            .First(File.Exists);

    /// <summary>How many checkpoints were broken off while they were written.</summary>
    private static int Torn(Folder folder)
    {
        var checkpoints = folder.Of(TrainingHost.Checkpoints);
        return Directory.Exists(checkpoints) ? Directory.GetFiles(checkpoints, "*.tmp").Length : 0;
    }
}
