using System.CommandLine;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Tabular.Features;
using Plait.Tabular.Models;
using Plait.Tabular.Predictions;
using Plait.Torch;

namespace Plait.Cli.Commands;

/// <summary>Writes a model's predictions for the rows of a CSV file, in their order.</summary>
internal static class PredictCommand
{
    private const string Standard = "-";

    private static readonly Argument<string> Model = new("model") { Description = "The folder of a trained model." };
    private static readonly Argument<string> Table = new("table")
    {
        Description = "A CSV file with the columns that the model learned from, or - for the standard input.",
        HelpName = "new.csv",
    };
    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "The CSV file for the predictions, or - for the standard output.",
        HelpName = "FILE",
        DefaultValueFactory = _ => Standard,
    };
    private static readonly Option<string?> Identifier = new("--id")
    {
        Description = "A column that is copied in front of the predictions.",
        HelpName = "COLUMN",
    };
    private static readonly Option<bool> NoProbabilities = new("--no-probabilities")
    {
        Description = "Leave out the probability of each class, level or label.",
    };
    private static readonly Option<bool> SpreadsheetSafe = new("--spreadsheet-safe")
    {
        Description =
            "Put an apostrophe before texts that a spreadsheet would run as a formula, as they begin with = + - @; numbers stay as they are.",
    };
    private static readonly Option<int> BatchSize = CommonOptions.Positive(
        "--batch-size",
        "Rows that are read, predicted and written at a time; the predictions do not depend on it.",
        FeatureReader.DefaultRows
    );
    private static readonly Option<bool> Stream = new("--stream")
    {
        Description = "Answer each row as soon as it is read.",
    };
    private static readonly Option<string> Device = CommonOptions.Device();
    private static readonly Option<int> Threads = CommonOptions.Threads();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "predict",
            """
            Predict the targets of new rows: CSV in, CSV out, in the same order, whatever the number of rows.

            Examples:
              plait predict model new.csv -o predictions.csv
              plait predict model new.csv.gz --id customer --no-probabilities > predictions.csv
              tail -f rows.csv | plait predict model - --stream

            Columns: NAME for each target, in its own unit or as the class's name; NAME_probability beside a binary target, of
            its second class; NAME_probability_CLASS for each of several classes, levels or labels; the mean of a count; of
            several labels those that are more likely than not, or none.
            """
        )
        {
            Model,
            Table,
            Output,
            Identifier,
            NoProbabilities,
            SpreadsheetSafe,
            BatchSize,
            Stream,
            Device,
            Threads,
        };
        command.SetAction(
            (arguments, cancel) =>
            {
                torch.set_num_threads(arguments.GetValue(Threads));
                using var model = TabularModel.Load(arguments.GetValue(Model)!, arguments.GetValue(Device)!);
                Predict(arguments, model, cancel);
                return Task.FromResult(ExitCode.Success);
            }
        );
        return command;
    }

    private static void Predict(ParseResult arguments, TabularModel model, CancellationToken cancel)
    {
        var configuration = arguments.InvocationConfiguration;
        var target = arguments.GetValue(Output)!;
        RequireTwoFiles(arguments.GetValue(Table)!, target);
        using var reader = Open(arguments.GetValue(Table)!, model.Preprocessing, arguments.GetValue(Identifier));
        using var inOrder = target == Standard ? null : OrderlyStop.Begin(); // a file that is half written is put away
        var standard = target == Standard ? Terminal.Data(configuration.Output) : null;
        try
        {
            using var writer = Create(arguments, standard, model.Preprocessing);
            Predict(arguments, model, reader, writer, standard, cancel);
            if (standard is null && !AtomicFile.IsStream(target))
            {
                configuration.Output.WriteLine($"Predictions: {Path.GetFullPath(target)} ({writer.Rows} rows)");
            }
        }
        finally
        {
            standard?.Flush(); // a row that cannot be read takes nothing from those before it
        }

        foreach (var warning in reader.Warnings)
        {
            configuration.Warn(warning);
        }
    }

    private static void Predict(
        ParseResult arguments,
        TabularModel model,
        FeatureReader reader,
        PredictionWriter writer,
        TextWriter? standard,
        CancellationToken cancel
    )
    {
        var stream = arguments.GetValue(Stream);
        foreach (var chunk in reader.Read(stream ? 1 : arguments.GetValue(BatchSize)))
        {
            using (chunk)
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = torch.NewDisposeScope();
                writer.Write(model.Predict(chunk.Input), chunk.Identifiers);
            }

            if (stream)
            {
                standard?.Flush();
            }
        }

        writer.Complete();
    }

    private static FeatureReader Open(string table, Preprocessing preprocessing, string? identifier) =>
        table == Standard
            ? new FeatureReader(Terminal.InputText(), preprocessing, identifier, "standard input")
            : new FeatureReader(table, preprocessing, identifier);

    private static PredictionWriter Create(ParseResult arguments, TextWriter? standard, Preprocessing preprocessing)
    {
        var identifier = arguments.GetValue(Identifier);
        var probabilities = !arguments.GetValue(NoProbabilities);
        var safe = arguments.GetValue(SpreadsheetSafe);
        return standard is null
            ? new PredictionWriter(arguments.GetValue(Output)!, preprocessing, identifier, probabilities, safe)
            : new PredictionWriter(standard, preprocessing, identifier, probabilities, safe);
    }

    private static void RequireTwoFiles(string table, string target)
    {
        if (target != Standard && AtomicFile.PlaceOf(table) == AtomicFile.PlaceOf(target))
        {
            throw new CommandFailure(
                $"{target}: the predictions would take the place of the rows; choose another file for --output.",
                ExitCode.Usage
            );
        }
    }
}
