using System.CommandLine;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Jobs.Workers;

namespace Plait.Cli.Commands;

/// <summary>Runs trainings for another process: requests come in on the standard input, answers go out on the standard output.</summary>
internal static class WorkerCommand
{
    private static readonly Option<int> Processes = CommonOptions.Positive(
        WorkerProgram.ProcessesOption,
        "How many such processes share the machine's memory.",
        1
    );

    public static Command Create()
    {
        var command = new Command(WorkerProgram.Command, "Runs trainings for another process; not for people.")
        {
            Processes,
        };
        command.Hidden = true;
        command.SetAction(
            async (arguments, _) =>
            {
                using var inOrder = OrderlyStop.Begin(); // the end of the input says when
                var (input, output) = Terminal.Dialogue();
                return await WorkerServer.RunAsync(input, output, arguments.GetValue(Processes))
                    ? ExitCode.Success
                    : ExitCode.Interrupted;
            }
        );
        return command;
    }
}
