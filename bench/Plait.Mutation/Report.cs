using System.Globalization;
using System.Text;

namespace Plait.Mutation;

/// <summary>What became of the mutants, as Markdown.</summary>
internal static class Report
{
    /// <summary>A row for each folder, and the mutants that no test saw.</summary>
    public static string Of(IReadOnlyList<(string Folder, Mutant Mutant, Outcome Outcome)> tried)
    {
        var text = new StringBuilder();
        text.AppendLine(
            "| folder | mutants | killed | timeouts | survived | of these without a test that reaches them |"
        );
        text.AppendLine("|---|--:|--:|--:|--:|--:|");
        foreach (var group in tried.GroupBy(one => one.Folder))
        {
            AppendRow(text, group.Key, [.. group.Select(one => one.Outcome)]);
        }

        AppendRow(text, "all", [.. tried.Select(one => one.Outcome)]);
        text.AppendLine();
        foreach (var (_, mutant, outcome) in tried.Where(one => Survived(one.Outcome)))
        {
            var unreached = outcome == Outcome.Unreached ? " (no test reaches it)" : "";
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"- {mutant.Id} `{mutant.File}:{mutant.Line}` `{mutant.Change}`{unreached}"
            );
        }

        return text.ToString();
    }

    private static bool Survived(Outcome outcome) => outcome is Outcome.Survived or Outcome.Unreached;

    private static void AppendRow(StringBuilder text, string folder, Outcome[] outcomes)
    {
        var survived = outcomes.Count(Survived);
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"| {folder} | {outcomes.Length} | {Count(Outcome.Killed)} | {Count(Outcome.TimedOut)} | {survived} ({(double)survived / Math.Max(1, outcomes.Length):P1}) | {Count(Outcome.Unreached)} |"
        );

        int Count(Outcome wanted) => outcomes.Count(outcome => outcome == wanted);
    }
}
