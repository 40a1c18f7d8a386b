using System.CommandLine;
using System.CommandLine.Help;
using Plait.Cli;
using Plait.Cli.Commands;

var root = new Command(
    "plait",
    $"""
    Plait: multi-task learning. One network, many targets.

    Start with:  plait compare
    Your data:   plait train data.csv --target price:regression --target churn:binary -o model

    {ExitCode.Description}
    """
)
{
    new HelpOption { Action = new CommandHelp() },
    new VersionOption(),
    CompareCommand.Create(),
    MethodsCommand.Create(),
    DataCommand.Create(),
    RunsCommand.Create(),
    ReportCommand.Create(),
    ResumeCommand.Create(),
    WorkerCommand.Create(),
};

return await CommandHost.RunAsync(root, args);
