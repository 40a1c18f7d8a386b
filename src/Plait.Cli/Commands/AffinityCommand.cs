using System.CommandLine;
using Plait.Cli.Arguments;
using Plait.Cli.Relationships;
using Plait.Relationships.Plans;

namespace Plait.Cli.Commands;

/// <summary>Measures how much the targets of a table have to do with one another.</summary>
internal static class AffinityCommand
{
    private static readonly Option<string> Method = new("--method", "-m")
    {
        Description = $"The measure: {string.Join(", ", AffinityPlan.MethodNames)}; with options as in tag:interval=5.",
        HelpName = "SPEC",
        DefaultValueFactory = _ => "tag",
    };
    private static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "A CSV file for the matrix, as `plait group --affinity` reads it.",
        HelpName = "FILE.csv",
    };
    private static readonly Option<string?> Predictor = new("--predictor")
    {
        Description =
            "With --method pairwise: a JSON file for a predictor that learns from the pairs. With --method predicted: the file to tell gains by.",
        HelpName = "FILE.json",
    };
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "affinity",
            """
            Measure how much the targets of a table, or the tasks of a benchmark, have to do with one another.

            Examples:
              plait affinity data.csv --target a --target b --target c
              plait affinity data.csv -t a -t b -t c --method rsa -o affinity.csv
              plait affinity --benchmark tox21 --method task2vec --seeds 3
              plait affinity data.csv -t a -t b -t c -t d --method pairwise --predictor gains.json
              plait affinity new.csv -t e -t f -t g --method predicted --predictor gains.json

            A row is the target that is affected, a column the one that affects it; greater is better, in the measure's own unit:
              tag              how far a step for one target lowers the loss of the other, over one joint training
              gradient-cosine  the cosine between their gradients, over one joint training
              pairwise         by how much a network of the two has a lower loss than one of the target alone
              predicted        how likely a target gains from the other, told from their labels and loss curves alone (--predictor)
              task2vec         1 less the distance of what their labels say of a jointly trained network's weights
              the others       how alike networks are that were trained on one target each; `plait methods` describes them
            With --json one object is printed: {data, method, tasks, values (row by row), trainings, seconds}, with a predictor also
              predictor:{predictor:{features, means, scales, coefficients, intercept, penalty}, pairs, accuracy, majorityAccuracy}
            """
        )
        {
            Method,
            Output,
            Predictor,
            Json,
        };
        AnalysisOptions.AddTo(command, withRates: true);
        command.SetAction(
            async (arguments, cancel) =>
            {
                if (!AnalysisOptions.HasData(arguments))
                {
                    throw new CommandFailure(
                        "Name a table with --target, or a --benchmark; see: plait affinity --help",
                        ExitCode.Usage
                    );
                }

                var method = arguments.GetValue(Method)!;
                var predictor = arguments.GetValue(Predictor);
                var known = PredictorFor(method, predictor);
                var learns = method == AffinityPlan.Pairwise && predictor is not null;
                var (data, tasks, run, seeds) = AnalysisOptions.Read(arguments);
                var plan = new AffinityPlan
                {
                    Data = data,
                    Tasks = tasks,
                    Settings = run,
                    Seeds = seeds,
                    Method = method,
                    Predictor = known?.Predictor,
                    LearnsPredictor = learns,
                    OutputFile = arguments.GetValue(Output) is { } file ? OutputFile.PathOf(file) : null,
                    PredictorFile = learns ? OutputFile.PathOf(predictor!) : null,
                };
                if (known is not null)
                {
                    AnalysisAnswer.WarnOfGuess(arguments, known);
                }

                var json = arguments.GetValue(Json);
                var outcome = await AnalysisStart.RunAsync(arguments, "affinity", plan, json, cancel);
                AnalysisAnswer.Give(arguments, outcome, json);
                return ExitCode.Success;
            }
        );
        return command;
    }

    /// <summary>The predictor that a measure tells gains by; null where it needs none.</summary>
    private static MeasuredPredictor? PredictorFor(string method, string? file)
    {
        if (method == AffinityPlan.Predicted)
        {
            return ReadPredictor(
                file
                    ?? throw new CommandFailure(
                        $"--method {AffinityPlan.Predicted} needs --predictor FILE.json, which --method {AffinityPlan.Pairwise} --predictor FILE.json writes.",
                        ExitCode.Usage
                    )
            );
        }

        return file is null || method == AffinityPlan.Pairwise
            ? null
            : throw new CommandFailure(
                $"--predictor goes with --method {AffinityPlan.Pairwise} or {AffinityPlan.Predicted}; got {method}.",
                ExitCode.Usage
            );
    }

    private static MeasuredPredictor ReadPredictor(string file) =>
        InputFile.ReadJson(
            file,
            "a predictor",
            MeasuredPredictor.FromJson,
            $"give --predictor a file that --method {AffinityPlan.Pairwise} --predictor wrote"
        );
}
