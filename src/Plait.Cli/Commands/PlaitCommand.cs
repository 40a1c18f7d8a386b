using System.CommandLine;
using System.CommandLine.Help;

namespace Plait.Cli.Commands;

/// <summary>The program's root: all commands, and where to start.</summary>
internal static class PlaitCommand
{
    /// <summary>Makes the root.</summary>
    public static Command Create()
    {
        return new(
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
            PluginOption.Files,
            CompareCommand.Create(),
            ExtendCommand.Create(),
            TrainCommand.Create(),
            PredictCommand.Create(),
            EvaluateCommand.Create(),
            AggregateCommand.Create(),
            ParetoCommand.Create(),
            GroupCommand.Create(),
            AffinityCommand.Create(),
            TaxonomyCommand.Create(),
            ClusterCommand.Create(),
            EmbedCommand.Create(),
            MethodsCommand.Create(),
            DataCommand.Create(),
            RunsCommand.Create(),
            ReportCommand.Create(),
            ResumeCommand.Create(),
            WorkerCommand.Create(),
        };
    }
}
