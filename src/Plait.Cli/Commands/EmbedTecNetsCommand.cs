using System.CommandLine;
using System.Diagnostics;
using Plait.Cli.Arguments;
using Plait.Cli.Display;
using Plait.Cli.Embedding;
using Plait.Relationships.Embedding.Studies;
using Plait.Relationships.Tables;

namespace Plait.Cli.Commands;

/// <summary>Embeds tasks from a table of demonstrations.</summary>
internal static class EmbedTecNetsCommand
{
    private static readonly DemonstrationColumns Usual = new([]);

    private static readonly Argument<string> File = new("demonstrations")
    {
        Description = "A CSV file; a row is one step of one demonstration of one task.",
        HelpName = "FILE.csv",
    };
    private static readonly Option<string> TaskColumn = Column("--task-column", "Names the task of a row.", Usual.Task);
    private static readonly Option<string> DemonstrationColumn = Column(
        "--demonstration-column",
        "Names the demonstration of a row within its task.",
        Usual.Demonstration
    );
    private static readonly Option<string> StepColumn = Column(
        "--step-column",
        "Numbers the steps of a demonstration one by one.",
        Usual.Step
    );
    private static readonly Option<string?> Actions = new("--actions")
    {
        Description = "The columns of what is done at a step.",
        HelpName = "LIST",
    };
    private static readonly Option<string?> Observations = new("--observations")
    {
        Description = "The columns of what is seen at a step; all others when left out.",
        HelpName = "LIST",
    };
    private static readonly Option<int?> Steps = CommonOptions.PositiveOrNone(
        "--steps",
        "Take so many evenly spaced steps of each demonstration, the first and the last among them, for demonstrations of different lengths."
    );
    private static readonly Option<int> Threads = CommonOptions.Threads();
    private static readonly Option<string> Output = EmbedOptions.Output();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "tecnets",
            """
            Embed tasks from demonstrations, and learn to act in new ones from a few (TecNets).

            Examples:
              plait embed tecnets demonstrations.csv --actions move-x,move-y
              plait embed tecnets log.csv --task-column part --demonstration-column trial --step-column t --actions grip,turn --steps 10
              plait embed tecnets demonstrations.csv --actions move-x,move-y --observations x,y --support 5 --seed 1 -o goals

            Some tasks are held out and measured on: how often a demonstration is nearest to its own task, and the error of the
            actions in deviations of each action. The folder gets embeddings.csv with a row for each task, and network.safetensors,
            which ImitationModel.Load reads in C#. Nothing is kept of a training that is interrupted. With --json one object is printed:
              {tasks, demonstrations, steps, observations, actions, heldOut:[...], nearest, chance, errors:{told, mean, untold}, seconds,
               files:{embeddings, network}}
            """
        )
        {
            File,
            TaskColumn,
            DemonstrationColumn,
            StepColumn,
            Actions,
            Observations,
            Steps,
            Threads,
            Output,
            Json,
        };
        ImitationArguments.AddTo(command);
        command.SetAction(
            (arguments, cancel) =>
            {
                Run(arguments, cancel);
                return Task.FromResult(ExitCode.Success);
            }
        );
        return command;
    }

    private static void Run(ParseResult arguments, CancellationToken cancel)
    {
        var configuration = arguments.InvocationConfiguration;
        var json = arguments.GetValue(Json);
        var options = ImitationArguments.Of(arguments);
        var columns = new DemonstrationColumns(
            NameList.Parse(Actions.Name, arguments.GetValue(Actions))
                ?? throw new CommandFailure("Say which columns hold what is done: --actions a,b.", ExitCode.Usage)
        )
        {
            Task = arguments.GetValue(TaskColumn)!,
            Demonstration = arguments.GetValue(DemonstrationColumn)!,
            Step = arguments.GetValue(StepColumn)!,
            Observations = NameList.Parse(Observations.Name, arguments.GetValue(Observations)),
            Steps = arguments.GetValue(Steps),
        };
        torch.set_num_threads(arguments.GetValue(Threads));
        var time = Stopwatch.StartNew();
        var table = DemonstrationTableReader.Read(arguments.GetValue(File)!, columns);
        ImitationStudy.Require(table, options);
        var folder = EmbeddingFiles.Require(arguments.GetValue(Output)!);
        var progress = new StepProgress(Terminal.Live(configuration, json), options.Iterations, "loss");
        using var outcome = EmbedOptions.Finite(() => ImitationStudy.Run(table, options, progress, cancel));
        folder.Write(
            outcome.Model.Save,
            ["task", "part"],
            [
                .. table.Tasks.Select(task =>
                    new[] { task.Name, outcome.Measurement.HeldOut.Contains(task.Name) ? "test" : "train" }
                ),
            ],
            outcome.Embeddings
        );
        ImitationAnswer.Of(table, outcome.Measurement, time.Elapsed, folder).Show(configuration.Output, json);
    }

    private static Option<string> Column(string name, string description, string value) =>
        new(name)
        {
            Description = description,
            HelpName = "COLUMN",
            DefaultValueFactory = _ => value,
        };
}
