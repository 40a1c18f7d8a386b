using System.CommandLine;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Jobs.Runs;

namespace Plait.Cli.Commands;

/// <summary>Trains one network on several columns of a CSV file.</summary>
internal static class TrainCommand
{
    private static readonly Option<string> Store = CommonOptions.Store();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "train",
            """
            Train one network on several columns of a CSV file, and save it as a folder.

            Examples:
              plait train data.csv --target price:regression --target churn:binary -o model
              plait train visits.csv.gz -t readmitted -t days:regression --group-by patient --ignore id
              plait train data.csv -t a -t b -t c --network mmoe:experts=4 --aggregator pcgrad --seed 3
              plait train data.csv -t a -t b -t c --network single-task --regularizer trace-norm --schedule stop-and-go
              plait train data.csv -t a -t churn:binary --weight importance --weight a:quality --class-weight churn:yes=5
              plait train data.csv -t a -t b -o student --distill soft-targets --teachers model-a --teachers model-b

            `plait methods` lists architectures, weightings, aggregators, schedules, regularizers, auxiliaries (for --distill and
            --auxiliary) and optimizers. With --json one object is printed:
              {run, model, table, rows:{training, validation, test}, parameters, epochs, bestEpoch, stoppedEarly,
               skippedSteps, compliance, seconds, targets:[{name, kind, rows, metrics:{metric: value or null}}], weights:[...],
               warnings:[...]}
            """
        );
        TrainOptions.AddTo(command);
        command.Add(Store);
        command.Add(Json);
        command.SetAction(
            (arguments, cancel) =>
            {
                var job = TrainOptions.Job(arguments);
                using var store = RunStore.Open(arguments.GetValue(Store)!);
                Show(
                    arguments,
                    Runs(arguments, store, arguments.GetValue(Json)).Start(job, cancel),
                    arguments.GetValue(Json)
                );
                return Task.FromResult(ExitCode.Success);
            }
        );
        return command;
    }

    /// <summary>Trainings whose progress and warnings go where the invocation's go.</summary>
    public static TableRuns Runs(ParseResult arguments, RunStore store, bool json)
    {
        var configuration = arguments.InvocationConfiguration;
        return new TableRuns(
            store,
            Terminal.Live(configuration, json) is { } console ? new TrainingBar(console) : new NoDisplay(),
            configuration.Warn
        );
    }

    /// <summary>Prints a finished training.</summary>
    public static void Show(ParseResult arguments, TableOutcome outcome, bool json)
    {
        var output = arguments.InvocationConfiguration.Output;
        if (json)
        {
            output.WriteLine(outcome.ToJson());
            return;
        }

        if (outcome.Targets.Count > 0)
        {
            output.WriteLine($"On {outcome.Rows.Test} test rows{TargetTable.WeighedBy(outcome.Weights)}:");
            TargetTable.Write(Terminal.For(output), outcome.Targets);
        }

        output.WriteLine(
            $"Epochs: {outcome.Epochs}, of which {outcome.BestEpoch} was kept{(outcome.StoppedEarly ? " (stopped early)" : "")}"
        );
        output.WriteLine($"Run:    {outcome.Run}");
        output.WriteLine($"Model:  {outcome.Model}");
    }
}
