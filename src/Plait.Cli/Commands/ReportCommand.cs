using System.CommandLine;
using Plait.Jobs.Runs;
using Plait.Reporting.Html;
using Plait.Torch;

namespace Plait.Cli.Commands;

/// <summary>Writes the HTML report of a run.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string> Run = new("run")
    {
        Description = "A run's id or the start of it, or last.",
        DefaultValueFactory = _ => RunStore.Last,
    };
    private static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "The file; report.html in the run's folder by default.",
        HelpName = "FILE",
    };
    private static readonly Option<string> Store = CommonOptions.Store();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "report",
            """
            Write the report of a run: one HTML file that needs no network.

            Examples:
              plait report
              plait report 261122-1815 -o tox21.html
            """
        )
        {
            Run,
            Output,
            Store,
        };
        command.SetAction(arguments =>
        {
            using var store = RunStore.OpenToRead(arguments.GetValue(Store)!);
            var run = store.Find(arguments.GetValue(Run)!);
            var path = Path.GetFullPath(
                arguments.GetValue(Output) ?? Path.Combine(store.PathOf(run.Id), "report.html")
            );
            HtmlReport.Write(store, run.Id, path);
            if (!AtomicFile.IsStream(path))
            {
                arguments.InvocationConfiguration.Output.WriteLine($"Report: {path}");
            }

            return ExitCode.Success;
        });
        return command;
    }
}
