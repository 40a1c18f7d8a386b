using System.CommandLine;
using System.Globalization;
using Plait.Cli.Arguments;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Reporting.Plots;
using Plait.Tabular.Pareto;
using Spectre.Console;

namespace Plait.Cli.Commands;

/// <summary>Trains models along the Pareto front of a table's targets.</summary>
internal static class ParetoCommand
{
    private const string Picture = "front.svg";

    private static readonly Option<string> Method = new("--method")
    {
        Description =
            $"The way to the front: {string.Join("; ", ParetoMethod.All.Select(method => $"{method.Name} ({method.Summary})"))}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "epo",
    };
    private static readonly Option<int> Points = CommonOptions.Positive(
        "--points",
        "Points of the front; with three targets or more the next of 3, 6, 10, 15...",
        5
    );
    private static readonly Option<string?> Reference = new("--reference")
    {
        Description =
            "The loss of each target that the hypervolume is measured against; by default that of the same guess for every row.",
        HelpName = "X,Y",
    };
    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "The folder for the front; the same command goes on with a front that was interrupted.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "front",
    };
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "pareto",
            """
            Train models along the Pareto front of several targets, so that you can pick a trade-off and predict with it.

            Examples:
              plait pareto data.csv -t price:regression -t churn:binary -o front
              plait pareto data.csv -t price -t churn --method phn --points 11
              plait predict front/point-03 new.csv -o predictions.csv

            The folder gets a model for each point (point-01, ...), front.csv with preference, losses, metrics and whether another
            point is better in everything, and front.svg for two or three targets. With --json one object is printed:
              {folder, method, tasks, reference, hypervolume, spacing, points:[{model, preference, losses, dominated,
               targets:[{name, kind, rows, metrics}]}]}
            """
        )
        {
            Method,
            Points,
            Reference,
        };
        TrainOptions.AddTo(command, Output);
        command.Add(Json);
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
        var training = TrainOptions.Job(arguments, Output);
        var folder = training.ModelFolder!;
        var console = Terminal.Live(configuration, arguments.GetValue(Json));
        torch.set_num_threads(training.Threads);
        ParetoFront front;
        try
        {
            front = ParetoTraining.Run(
                new ParetoJob
                {
                    Training = training,
                    Method = arguments.GetValue(Method)!,
                    Points = arguments.GetValue(Points),
                    Reference = arguments.GetValue(Reference) is { } text
                        ? NumberList.Parse("--reference", text, "one number a target, such as 1,0.7", _ => true)
                        : null,
                },
                folder,
                (place, count, work) =>
                {
                    console?.WriteLine($"Training {place + 1} of {count}");
                    using var inOrder = OrderlyStop.Begin();
                    ITrainingDisplay display = console is null ? new NoDisplay() : new TrainingBar(console);
                    display.While(progress =>
                    {
                        work(progress);
                        return place;
                    });
                },
                configuration.Warn,
                cancel
            );
        }
        catch (OperationCanceledException)
        {
            throw new CommandFailure("interrupted; the same command goes on.", ExitCode.Interrupted);
        }

        if (front.Tasks.Count <= 3)
        {
            FrontPicture.Write(Path.Combine(folder, Picture), Dots(front), front.Tasks);
        }

        Show(arguments, folder, front);
    }

    private static FrontDot[] Dots(ParetoFront front)
    {
        var kept = front.NonDominated.ToHashSet();
        return
        [
            .. front.Points.Select((point, place) => new FrontDot(point.Model, point.Losses, !kept.Contains(place))),
        ];
    }

    private static void Show(ParseResult arguments, string folder, ParetoFront front)
    {
        var output = arguments.InvocationConfiguration.Output;
        var kept = front.NonDominated.ToHashSet();
        if (arguments.GetValue(Json))
        {
            output.WriteLine(
                TableJson.Write(
                    new
                    {
                        Folder = folder,
                        front.Method,
                        front.Tasks,
                        front.Reference,
                        front.Hypervolume,
                        Spacing = double.IsFinite(front.Spacing) ? front.Spacing : (double?)null,
                        Points = front.Points.Select(
                            (point, place) =>
                                new
                                {
                                    point.Model,
                                    point.Preference,
                                    point.Losses,
                                    Dominated = !kept.Contains(place),
                                    point.Targets,
                                }
                        ),
                    }
                )
            );
            return;
        }

        const int Beside = 36; // columns of what stands beside the losses, about
        var console = Terminal.For(output);
        var table = PlainTable.Create().With("model").With("preference");
        foreach (var task in front.Tasks)
        {
            table.WithNumbers(
                $"loss of {task}",
                Math.Max(8, ((console.Profile.Width - Beside) / front.Tasks.Count) - 2)
            );
        }

        table.With("");
        for (var place = 0; place < front.Points.Count; place++)
        {
            var point = front.Points[place];
            table.AddRow([
                PrintableText.Escape(point.Model),
                string.Join(
                    " / ",
                    point.Preference.Select(share => share.ToString("0.00", CultureInfo.InvariantCulture))
                ),
                .. point.Losses.Select(loss => loss.ToString("0.0000", CultureInfo.InvariantCulture)),
                kept.Contains(place) ? "" : "dominated",
            ]);
        }

        console.Write(table);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Hypervolume: {front.Hypervolume:0.0000} below ({string.Join(", ", front.Reference.Select(loss => loss.ToString("0.0000", CultureInfo.InvariantCulture)))})"
            )
        );
        output.WriteLine(
            double.IsFinite(front.Spacing)
                ? string.Create(CultureInfo.InvariantCulture, $"Spacing:     {front.Spacing:0.0000}")
                : "Spacing:     none, of one point that no other dominates"
        );
        output.WriteLine($"Front:       {folder}");
    }
}
