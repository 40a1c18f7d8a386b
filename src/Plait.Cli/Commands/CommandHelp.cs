using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Plait.Cli.Commands;

/// <summary>The usual help of a command, and below it the command's examples.</summary>
internal sealed class CommandHelp : SynchronousCommandLineAction
{
    private readonly HelpAction usual = new();

    public override int Invoke(ParseResult parseResult)
    {
        foreach (var option in parseResult.CommandResult.Command.Options.OfType<TargetOption>())
        {
            option.Describe();
        }

        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is DescribedCommand { More.Length: > 0 } command)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(command.More);
        }

        return ExitCode.Success;
    }
}
