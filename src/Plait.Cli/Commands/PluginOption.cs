using System.CommandLine;
using Plait.Catalogue;
using Plait.Jobs.Runs;
using Plait.Jobs.Workers;

namespace Plait.Cli.Commands;

/// <summary>The option of all commands that names assemblies of methods, and the variable of the environment that does the same.</summary>
internal static class PluginOption
{
    /// <summary>How the option is written.</summary>
    public const string Name = WorkerProgram.PluginOption;

    private const string Variable = "PLAIT_PLUGINS";

    /// <summary>The option, for the root of all commands.</summary>
    public static Option<string[]> Files { get; } =
        new(Name)
        {
            Description =
                $"An assembly that brings methods of its own to the command. Once for each (environment: {Variable}, with '{Path.PathSeparator}' between them).",
            HelpName = "FILE.dll",
            Recursive = true,
        };

    /// <summary>Loads what the environment and a command line name.</summary>
    /// <returns>Whether there was any.</returns>
    /// <exception cref="IOException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">A file is no plugin of this program.</exception>
    public static bool Load(ParseResult parsed)
    {
        var variable = Environment.GetEnvironmentVariable(Variable) ?? "";
        string[] files =
        [
            .. variable.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            .. parsed.GetResult(Files)?.Tokens.Select(token => token.Value).Where(file => file.Length > 0) ?? [],
        ];
        Array.ForEach(files, Plugins.Load);
        return files.Length > 0;
    }

    /// <summary>Refuses to work on a run without the plugins that it was started with.</summary>
    /// <param name="store">Where the run is.</param>
    /// <param name="id">The run.</param>
    /// <param name="command">What is asked for: "resume".</param>
    /// <remarks>They are not loaded from where the store says they were: a store that somebody else wrote could then run their code.</remarks>
    /// <exception cref="CommandFailure">One is missing; the message has the whole command.</exception>
    public static void RequireThoseOf(RunStore store, string id, string command)
    {
        var names = Plugins.Loaded.Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        string[] missing = [.. store.Plugins(id).Where(file => !names.Contains(Path.GetFileName(file)))];
        if (missing.Length > 0)
        {
            var options = string.Concat(missing.Select(file => $"{Name} {Quoted(file)} "));
            throw new CommandFailure(
                $"Run {id} was started with {string.Join(" and ", missing.Select(Path.GetFileName))}, which brings methods; if you trust the file, go on with: plait {options}{command} {id}",
                ExitCode.Usage
            );
        }
    }

    private static string Quoted(string file) => file.Contains(' ', StringComparison.Ordinal) ? $"\"{file}\"" : file;
}
