using System.Text.Json;
using Plait.Torch;

namespace Plait.Jobs.Runs;

/// <summary>The plugins that were loaded when a run was created: a file in the run's folder, which a run without plugins does not have.</summary>
internal static class RunPlugins
{
    private const string Name = "plugins.json";

    /// <summary>Writes down those that are loaded.</summary>
    /// <param name="folder">The run's.</param>
    public static void Keep(string folder)
    {
        if (Catalogue.Plugins.Loaded is { Count: > 0 } files)
        {
            AtomicFile.WriteText(Path.Combine(folder, Name), JsonSerializer.Serialize(files));
        }
    }

    /// <summary>Reads them.</summary>
    /// <param name="folder">The run's.</param>
    /// <exception cref="RunStoreException">The file is something else.</exception>
    public static IReadOnlyList<string> Read(string folder)
    {
        var file = Path.Combine(folder, Name);
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<string[]>(File.ReadAllText(file)) ?? [] : [];
        }
        catch (JsonException fault)
        {
            throw new RunStoreException(
                $"{file} is no list of plugins; somebody else has written into the store.",
                fault
            );
        }
    }
}
