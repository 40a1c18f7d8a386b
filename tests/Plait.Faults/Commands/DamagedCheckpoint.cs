namespace Plait.Faults.Commands;

/// <summary>Stops a training twice, so that there are two checkpoints, damages the newest, goes on and compares.</summary>
internal static class DamagedCheckpoint
{
    private static readonly string[] Options = ["--patience", "0", "--epochs", "80", "--batch-size", "16"];

    /// <param name="random">Where it is damaged.</param>
    /// <param name="truncate">Whether it is cut off; else bytes of it are others.</param>
    /// <returns>What was not as it should be; nothing where all was.</returns>
    public static IReadOnlyList<string> Run(Random random, bool truncate)
    {
        using var broken = new TableTraining(200, Options);
        Stop(broken, epochs: 0);
        Stop(broken, epochs: broken.Epochs);
        var newest = Path.Combine(broken.Checkpoints, "checkpoint.safetensors");
        Damage(newest, random, truncate);
        var faults = new List<string>();
        var ending = PlaitProgram.Run(broken.Next()!);
        if (ending.Code != 0)
        {
            return [$"exit code {ending.Code}: {ending.Error}"];
        }

        if (ending.Errors is not [var notice] || !notice.Contains(newest, StringComparison.Ordinal))
        {
            faults.Add($"no one notice that names the file: {ending.Error}");
        }

        faults.AddRange(broken.Differences().Select(name => $"{name} differs"));
        return faults;
    }

    private static void Stop(TableTraining training, int epochs)
    {
        using var child = PlaitProgram.Start(training.Next()!);
        while (!child.HasEnded && training.Epochs <= epochs)
        {
            Thread.Sleep(5);
        }

        child.Signal("TERM");
        Assert.Equal(130, child.Wait().Code);
    }

    private static void Damage(string path, Random random, bool truncate)
    {
        var bytes = File.ReadAllBytes(path);
        if (truncate)
        {
            File.WriteAllBytes(path, bytes[..random.Next(bytes.Length)]);
            return;
        }

        for (var flips = random.Next(1, 5); flips > 0; flips--)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        File.WriteAllBytes(path, bytes);
    }
}
