using System.Globalization;
using Plait.Catalogue;

namespace Plait.Jobs.Workers;

/// <summary>The program that worker processes run: one whose <c>Main</c> calls <see cref="WorkerServer.RunAsync"/> where its arguments say so.</summary>
/// <remarks>After its arguments come <c>--processes</c> and the number of workers, see <see cref="ProcessesIn"/>, and <c>--plugin</c> with each file that <see cref="Plugins"/> has loaded here.</remarks>
/// <param name="File">The executable.</param>
/// <param name="Arguments">What makes it a worker.</param>
public sealed record WorkerProgram(string File, IReadOnlyList<string> Arguments)
{
    /// <summary>The argument that makes a program a worker.</summary>
    public const string Command = "worker";

    /// <summary>The option that says how many workers share the machine's memory.</summary>
    public const string ProcessesOption = "--processes";

    /// <summary>The option that names an assembly whose methods the worker needs, once for each that is loaded here; see <see cref="Plugins"/>.</summary>
    public const string PluginOption = "--plugin";

    /// <summary>This program, started once more with <see cref="Command"/>.</summary>
    public static WorkerProgram Current =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? new(Environment.ProcessPath!, [Environment.GetCommandLineArgs()[0], Command])
            : new(Environment.ProcessPath!, [Command]);

    /// <summary>How many workers share the machine's memory, as the arguments of one of them say; 1 where they do not.</summary>
    /// <param name="arguments">The arguments of the process.</param>
    public static int ProcessesIn(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var value = arguments.SkipWhile(argument => argument != ProcessesOption).ElementAtOrDefault(1);
        return int.TryParse(value, CultureInfo.InvariantCulture, out var processes) ? Math.Max(1, processes) : 1;
    }
}
