using System.CommandLine;
using System.Globalization;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Relationships;
using Plait.Relationships.Plans;
using Spectre.Console;

namespace Plait.Cli.Relationships;

/// <summary>Prints a grouping that was found out by training.</summary>
internal static class DataGrouping
{
    /// <summary>Prints it.</summary>
    public static void Show(ParseResult arguments, AnalysisOutcome outcome, bool json)
    {
        var output = arguments.InvocationConfiguration.Output;
        if (json)
        {
            output.WriteLine(outcome.Answer);
            return;
        }

        var grouping = MeasuredGrouping.FromJson(outcome.Answer);
        var console = Terminal.For(output);
        if (grouping.Affinity is { } affinity)
        {
            AffinityDisplay.Print(console, new AffinityMatrix(affinity.Tasks, affinity.Values));
        }

        console.Write(Networks(grouping));
        output.WriteLine($"Cost:     {Number(grouping.Cost)} of {Number(grouping.Budget)}");
        output.WriteLine(
            $"Total:    {Number(grouping.Total)} by {grouping.Method}{(grouping.Optimal ? ", the best there is by that measure" : "")}; all together {Number(grouping.TotalTogether)}{(grouping.Linear is null ? "" : $"; each alone {grouping.Tasks.Count}")}"
        );
        if (grouping.Linear is { } linear)
        {
            Show(output, linear);
            if (grouping.Affinity is null)
            {
                output.WriteLine(
                    "Affinity: none, since one latent task is left and all models are multiples of it: that says nothing of how alike the tasks are"
                );
            }
        }

        if (grouping is { ExpectedGain: { } gain, ExpectedGainTogether: { } together })
        {
            output.WriteLine(
                $"Expected: losses {Percent(gain.Values.Average())} below those of each alone; all together {Percent(together.Values.Average())}"
            );
        }

        if (grouping.Verification is { } verification)
        {
            output.WriteLine(
                $"Measured: Δm {Signed(verification.GroupingInterval.Mean)} %, all together {Signed(verification.TogetherInterval.Mean)} %, over {verification.Seeds.Count} seeds, against each alone"
            );
        }

        output.WriteLine(
            $"It took:  {grouping.Trainings} training{(grouping.Trainings == 1 ? "" : "s")}, {grouping.Seconds.ToString("F0", CultureInfo.InvariantCulture)} s of training"
        );
        output.WriteLine($"Run:      {outcome.Id}");
        output.WriteLine($"Answer:   {outcome.File}");
        output.WriteLine($"Report:   {outcome.Report}");
    }

    private static void Show(TextWriter output, MeasuredLinearModels linear)
    {
        output.WriteLine(
            $"Linear:   squared error {Fixed(linear.Losses.Values.Average())} of the targets' variance on the validation rows; all together {Fixed(linear.LossesTogether.Values.Average())}; each alone {Fixed(linear.LossesAlone.Values.Average())}; strength {Number(linear.Strength)}"
        );
        if (linear.Unrelated.Count > 0)
        {
            output.WriteLine(
                $"Unknown:  no linear model tells anything of {string.Join(", ", linear.Unrelated)}, which stand with the most others"
            );
        }
    }

    private static Table Networks(MeasuredGrouping grouping)
    {
        var table = PlainTable.Create().With("network", right: true).WithText("tasks").WithText("serves");
        for (var place = 0; place < grouping.Networks.Count; place++)
        {
            table.AddRow(
                $"{place + 1}",
                PrintableText.Escape(string.Join(", ", grouping.Networks[place])),
                PrintableText.Escape(
                    string.Join(", ", grouping.Networks[place].Where(task => grouping.Serving[task] == place))
                )
            );
        }

        return table;
    }

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Fixed(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private static string Percent(double share) => Signed(100 * share) + " %";

    private static string Signed(double value) => value.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);
}
