using System.CommandLine;
using System.Globalization;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Relationships.Plans;
using Plait.Torch;

namespace Plait.Cli.Relationships;

/// <summary>Gives what an analysis came to: into the files that the plan names, and to whoever reads the output.</summary>
internal static class AnalysisAnswer
{
    /// <summary>Writes the files and prints the answer.</summary>
    /// <exception cref="CommandFailure">A predictor was to be learned, and there is nothing to learn it from; all else is done.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Give(ParseResult arguments, AnalysisOutcome outcome, bool json)
    {
        if (outcome.Plan.OutputFile is { } file)
        {
            Write(file, outcome);
        }

        Show(arguments, outcome, json);
        if (outcome.Plan is AffinityPlan && MeasuredAffinity.FromJson(outcome.Answer).ToMatrix().IsUniform)
        {
            arguments.InvocationConfiguration.Warn(
                "all affinities are the same, so that there is nothing to tell apart."
            );
        }

        Tell(arguments, outcome.Plan.OutputFile, json);
        if (outcome.Plan is AffinityPlan { PredictorFile: { } predictor })
        {
            GivePredictor(arguments, predictor, MeasuredAffinity.FromJson(outcome.Answer));
            Tell(arguments, predictor, json);
        }
    }

    /// <summary>Warns where a predictor tells gains no better than who knows nothing.</summary>
    public static void WarnOfGuess(ParseResult arguments, MeasuredPredictor predictor)
    {
        if (predictor.Accuracy <= predictor.MajorityAccuracy)
        {
            arguments.InvocationConfiguration.Warn(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"this predictor tells {predictor.Accuracy:P0} of its {predictor.Pairs} pairs rightly, and always saying the same tells {predictor.MajorityAccuracy:P0}: do not rely on it; learn one from more targets."
                )
            );
        }
    }

    private static void Write(string file, AnalysisOutcome outcome)
    {
        if (outcome.Plan is AffinityPlan)
        {
            AffinityFile.Write(file, MeasuredAffinity.FromJson(outcome.Answer).ToMatrix());
        }
        else
        {
            AtomicFile.WriteText(file, outcome.Answer);
        }
    }

    private static void Show(ParseResult arguments, AnalysisOutcome outcome, bool json)
    {
        switch (outcome.Plan)
        {
            case TaxonomyPlan:
                DataTaxonomy.Show(arguments, outcome, json);
                break;
            case GroupingPlan:
                DataGrouping.Show(arguments, outcome, json);
                break;
            default:
                AffinityDisplay.Show(arguments, outcome, json);
                break;
        }
    }

    private static void GivePredictor(ParseResult arguments, string file, MeasuredAffinity answer)
    {
        if (answer.Predictor is not { } predictor)
        {
            var none = !answer.Values.Any(value => value > 0);
            throw new CommandFailure(
                $"--predictor {file}: nothing to learn from, since {(none ? "no target gained from any other" : "every target gained from every other")}; the affinities stand as they are."
            );
        }

        AtomicFile.WriteText(file, predictor.ToJson());
        WarnOfGuess(arguments, predictor);
    }

    private static void Tell(ParseResult arguments, string? file, bool json)
    {
        if (file is not null && !json && !AtomicFile.IsStream(file))
        {
            arguments.InvocationConfiguration.Output.WriteLine($"Written: {file}");
        }
    }
}
