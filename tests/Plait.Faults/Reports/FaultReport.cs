using System.Globalization;
using System.Text;
using Plait.Faults.Killing;

namespace Plait.Faults.Reports;

/// <summary>What the long form found, as a page of Markdown that grows with each recipe.</summary>
internal sealed class FaultReport
{
    /// <summary>The environment variable that names the page; without one, nothing is written.</summary>
    private const string Variable = "PLAIT_FAULTS_REPORT";

    private readonly List<KillRecord> recipes = [];
    private readonly List<KillRecord> commands = [];
    private readonly List<(string Name, IReadOnlyList<string> Faults)> others = [];

    /// <summary>How many kills there were of trainings of all recipes.</summary>
    public int Kills => recipes.Sum(record => record.Kills);

    /// <summary>All that was not as it should be.</summary>
    public IEnumerable<string> Faults =>
        recipes
            .Concat(commands)
            .SelectMany(record => record.Faults.Select(fault => $"{record.Name}: {fault}"))
            .Concat(others.SelectMany(other => other.Faults.Select(fault => $"{other.Name}: {fault}")));

    public void Add(KillRecord record)
    {
        lock (recipes)
        {
            recipes.Add(record);
            recipes.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
            Write();
        }
    }

    public void AddCommand(KillRecord record)
    {
        commands.Add(record);
        Write();
    }

    public void Add(string name, IReadOnlyList<string> faults)
    {
        others.Add((name, faults));
        Write();
    }

    private void Write()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
        {
            File.WriteAllText(path, Page());
        }
    }

    private string Page()
    {
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            # Kills, signals and full disks

            Trainings were killed with SIGKILL at random moments, resumed, and compared with the same training in one
            piece: parameters, predictions, history, and every tensor of the last checkpoint, bit for bit. A run that ended
            before its last kill was started anew, so a recipe may have been resumed to its end several times. The recipes
            are drawn from the catalogue until every method is in one; what has no place in a training of a second is listed with
            the reason in `tests/Plait.Faults/refused.txt`. This page was written by

            ```
            {Variable}=$PWD/docs/quality/faults.md dotnet run --project tests/Plait.Faults -c Release -p:Slow=true
            ```

            ## Every method

            {recipes.Count} recipes, {Kills} kills; {Sum(recipes, record => record.Resumed)} trainings went on to their end, {Sum(
                recipes,
                record => record.Equal
            )} of them to the same bits. Killed while: {Phases(recipes)}.


            """
        );
        Table(page, recipes);
        page.Append(
            CultureInfo.InvariantCulture,
            $"""

            ## Commands

            `plait train` and `plait compare`, resumed by `plait resume`, or by the same command where the kill came before
            the run was in the store. Compared are the model's files, the predictions, the table and all that the store holds, less
            the seconds. Killed while, or killed what: {Phases(commands)}.


            """
        );
        Table(page, commands);
        page.Append(
            "\n## Signals, full disks, damaged checkpoints\n\n| `plait train` with | as promised |\n| --- | --- |\n"
        );
        foreach (var (name, faults) in others)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {name} | {(faults.Count == 0 ? "yes" : "no")} |\n");
        }

        if (Faults.Any())
        {
            page.Append("\n## Not as promised\n\n");
            foreach (var fault in Faults)
            {
                page.Append(CultureInfo.InvariantCulture, $"- {fault.ReplaceLineEndings(" ").Trim()}\n");
            }
        }

        return page.ToString();
    }

    private static void Table(StringBuilder page, IEnumerable<KillRecord> records)
    {
        page.Append("| recipe | kills | resumed | bit-equal |\n| --- | --- | --- | --- |\n");
        foreach (var record in records)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {record.Name} | {record.Kills} | {record.Resumed} | {record.Equal} |\n"
            );
        }
    }

    private static int Sum(IEnumerable<KillRecord> records, Func<KillRecord, int> of) => records.Sum(of);

    private static string Phases(IEnumerable<KillRecord> records) =>
        string.Join(
            ", ",
            records
                .SelectMany(record => record.Phases)
                .GroupBy(phase => phase.Key, phase => phase.Value, StringComparer.Ordinal)
                .OrderByDescending(phase => phase.Sum())
                .Select(phase => $"{phase.Key} {phase.Sum()}")
        );
}
