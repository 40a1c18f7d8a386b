using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Plait.Benchmarks.Episodes;
using Plait.Cli.Display;
using Plait.Cli.Embedding;
using Plait.Relationships.Embedding.Studies;

namespace Plait.Cli.Commands;

/// <summary>Embeds tasks by trial in an environment.</summary>
internal static class EmbedTrajectoriesCommand
{
    private static readonly TrajectoryOptions Defaults = new();

    private static readonly Argument<string> Environment = new("environment")
    {
        Description =
            $"Where tasks come from: {string.Join("; ", EpisodicCatalog.All.Select(one => $"{one.Name} ({one.Summary})"))}.",
        HelpName = "ENVIRONMENT",
    };
    private static readonly Option<int> Tasks = CommonOptions.From(
        3,
        "--tasks",
        "New tasks to embed when all is learned.",
        Defaults.Tasks
    );
    private static readonly Option<int> Iterations = CommonOptions.From(
        1,
        "--iterations",
        "Training steps, each on tasks drawn anew.",
        Defaults.Iterations
    );
    private static readonly Option<int> BatchTasks = CommonOptions.From(
        1,
        "--batch-tasks",
        "Tasks of a training step.",
        Defaults.BatchTasks
    );
    private static readonly Option<int> Episodes = CommonOptions.From(
        2,
        "--episodes",
        "Episodes of each task that run side by side; a task is embedded from as many of its best.",
        Defaults.Episodes
    );
    private static readonly Option<int> Updates = CommonOptions.From(
        1,
        "--updates",
        "Fast updates of the encoder in a task.",
        Defaults.Updates
    );
    private static readonly Option<int> Width = CommonOptions.From(
        1,
        "--width",
        "The width of embeddings.",
        Defaults.Width
    );
    private static readonly Option<int> Hidden = CommonOptions.From(
        1,
        "--hidden",
        "The width of the recurrent unit and of the policy's layers.",
        Defaults.Hidden
    );
    private static readonly Option<double> LearningRate = EmbedOptions.Above0(
        "--learning-rate",
        "The learning rate of Adam.",
        Defaults.LearningRate
    );
    private static readonly Option<long> Seed = CommonOptions.Seed("Decides everything that chance does.");
    private static readonly Option<int> Threads = CommonOptions.Threads();
    private static readonly Option<string> Output = EmbedOptions.Output();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "trajectories",
            """
            Embed tasks by trial in an environment (trajectory embeddings, TESP).

            Examples:
              plait embed trajectories points
              plait embed trajectories directions --tasks 24 --seed 1 -o directions

            The agent never sees what tells the tasks of an environment apart. On new tasks are printed: the mean return without an
            embedding, with the first one and after the updates, and how well distances between embeddings keep the order of the
            distances between tasks. The folder gets embeddings.csv with a row for each new task, and network.safetensors, which
            TrajectoryEmbedding.Load reads in C#. An environment of your own is an IEpisodicTasks in C#. Nothing is kept of a training
            that is interrupted. With --json one object is printed:
              {environment, tasks, returns:[...], rankCorrelation or null, seconds, files:{embeddings, network}}
            """
        )
        {
            Environment,
            Tasks,
            Iterations,
            BatchTasks,
            Episodes,
            Updates,
            Width,
            Hidden,
            LearningRate,
            Seed,
            Threads,
            Output,
            Json,
        };
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
        var family = EpisodicCatalog.Get(arguments.GetValue(Environment)!);
        var options = new TrajectoryOptions
        {
            Tasks = arguments.GetValue(Tasks),
            Iterations = arguments.GetValue(Iterations),
            BatchTasks = arguments.GetValue(BatchTasks),
            Episodes = arguments.GetValue(Episodes),
            Updates = arguments.GetValue(Updates),
            Width = arguments.GetValue(Width),
            Hidden = arguments.GetValue(Hidden),
            LearningRate = arguments.GetValue(LearningRate),
            Seed = arguments.GetValue(Seed),
        };
        torch.set_num_threads(arguments.GetValue(Threads));
        var folder = EmbeddingFiles.Require(arguments.GetValue(Output)!);
        var progress = new StepProgress(Terminal.Live(configuration, json), options.Iterations, "return");
        var time = Stopwatch.StartNew();
        using var outcome = EmbedOptions.Finite(() => TrajectoryStudy.Run(family, options, progress, cancel));
        folder.Write(
            outcome.Model.Save,
            ["task", .. family.Hidden],
            [
                .. outcome.Hidden.Select(
                    (hidden, task) =>
                        (string[])
                            [
                                $"{task + 1}",
                                .. hidden.Select(number => number.ToString("R", CultureInfo.InvariantCulture)),
                            ]
                ),
            ],
            outcome.Embeddings
        );
        TrajectoryAnswer.Of(family, outcome, time.Elapsed, folder).Show(configuration.Output, json);
    }
}
