using System.CommandLine;

namespace Plait.Cli.Commands;

/// <summary>Embeds tasks by what an agent does in them.</summary>
internal static class EmbedCommand
{
    public static Command Create()
    {
        var command = new DescribedCommand(
            "embed",
            """
            Embed tasks that an agent acts in, from demonstrations or by trial.

            Examples:
              plait embed tecnets demonstrations.csv --actions move-x,move-y
              plait embed trajectories points --tasks 16

            Targets of an ordinary table are embedded by: plait affinity --method task2vec
            """
        )
        {
            EmbedTecNetsCommand.Create(),
            EmbedTrajectoriesCommand.Create(),
        };
        command.SetAction(
            int (ParseResult _) =>
                throw new CommandFailure(
                    "Say what tasks are embedded from: plait embed tecnets FILE.csv, or plait embed trajectories ENVIRONMENT. See: plait embed --help",
                    ExitCode.Usage
                )
        );
        return command;
    }
}
