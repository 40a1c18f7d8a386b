using Plait.Faults.Processes;

namespace Plait.Faults.Commands;

/// <summary>The command line, as users start it.</summary>
internal static class PlaitProgram
{
    /// <summary>How a full disk looks without one: a process whose files may not grow beyond a number of KiB.</summary>
    /// <remarks>The signal that comes with the error is turned off.</remarks>
    private const string Limited = "trap '' XFSZ; ulimit -f $1; shift; exec \"$@\"";

    private const string Name = "Plait.Cli";

    /// <summary>A program that a script started in the background would inherit that it ignores SIGINT. Needs GNU coreutils 8.31 or later.</summary>
    private static readonly string[] Listening = ["env", "--default-signal=INT,TERM"];

    /// <summary>Has trainings write checkpoints often.</summary>
    public static readonly string[] OftenSaved = ["--checkpoint-every", "0.02"];

    public static Child Start(IEnumerable<string> arguments) => Child.Start(Name, arguments, Listening);

    /// <param name="size">The largest file, in KiB.</param>
    /// <param name="arguments">The command line.</param>
    public static Child StartWithSmallFiles(int size, IEnumerable<string> arguments) =>
        StartThrough(["bash", "-c", Limited, "bash", $"{size}"], arguments);

    /// <summary>Starts it by another program, which gets its command line as its last arguments.</summary>
    public static Child StartThrough(string[] other, IEnumerable<string> arguments) =>
        Child.Start(Name, arguments, other);

    public static Ending Run(IEnumerable<string> arguments)
    {
        using var child = Start(arguments);
        return child.Wait();
    }
}
