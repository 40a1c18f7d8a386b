using System.CommandLine;
using Plait.Cli;
using Plait.Cli.Commands;

var root = new RootCommand(
    $"""
    Plait: multi-task learning. One network, many targets.

    Start with:  plait compare
    Your data:   plait train data.csv --target price:regression --target churn:binary -o model

    {ExitCode.Description}
    """
)
{
    CompareCommand.Create(),
    MethodsCommand.Create(),
    DataCommand.Create(),
    RunsCommand.Create(),
    ReportCommand.Create(),
    ResumeCommand.Create(),
    WorkerCommand.Create(),
};

return await CommandHost.RunAsync(root, args);
