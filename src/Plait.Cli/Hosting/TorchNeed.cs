using System.CommandLine;
using Plait.Cli.Commands;

namespace Plait.Cli.Hosting;

/// <summary>Whether a command line needs libtorch, which takes longer to load than all the rest.</summary>
/// <remarks>It is asked before the command line is read, since a device or a method is looked at while it is. In doubt the answer is yes.</remarks>
internal static class TorchNeed
{
    /// <summary>Whether a command line needs libtorch: not for the root's help and version, nor for a command that says so of itself.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="args">The command line.</param>
    public static bool Of(Command root, IReadOnlyList<string> args)
    {
        var first = 0;
        while (first < args.Count && args[first].StartsWith(PluginOption.Name, StringComparison.Ordinal))
        {
            first += args[first] == PluginOption.Name ? 2 : 1; // its file is the next word, or stands behind = or :
        }

        return first < args.Count
            && args[first] is not ("--help" or "-h" or "-?" or "/h" or "/?" or "--version")
            && root.Subcommands.FirstOrDefault(command => command.Name == args[first])
                is not DescribedCommand { NeedsTorch: false };
    }
}
