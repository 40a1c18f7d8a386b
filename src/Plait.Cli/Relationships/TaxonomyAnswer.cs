using System.Globalization;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Spectre.Console;

namespace Plait.Cli.Relationships;

/// <summary>Shows a taxonomy: one JSON object for scripts, or a table for people.</summary>
internal static class TaxonomyAnswer
{
    /// <summary>The object as JSON.</summary>
    public static string Json(TableTaxonomy taxonomy)
    {
        var (program, policy, rates) = (taxonomy.Program, taxonomy.Policy, taxonomy.Rates);
        return TableJson.Write(
            new
            {
                policy.Sources,
                Policy = program.Targets.ToDictionary(
                    target => target,
                    target => policy.Transfers.TryGetValue(target, out var transfer) ? transfer.Sources : [],
                    StringComparer.Ordinal
                ),
                policy.Total,
                policy.Optimal,
                policy.Bound,
                policy.Cost,
                program.Budget,
                policy.Unserved,
                Solver = Name(taxonomy.Solver),
                Gain = Finite(rates.Gain?.Mean),
                Quality = Finite(rates.Quality?.Mean),
                rates.Random,
            }
        );
    }

    /// <summary>Prints the table.</summary>
    public static void Write(TextWriter output, TableTaxonomy taxonomy)
    {
        var (program, policy, rates) = (taxonomy.Program, taxonomy.Policy, taxonomy.Rates);
        var table = PlainTable.Create().With("target").With("learned from").With("affinity", right: true);
        if (rates.Gain is not null)
        {
            table.With("gain", right: true);
        }

        if (rates.Quality is not null)
        {
            table.With("quality", right: true);
        }

        foreach (var target in program.Targets)
        {
            policy.Transfers.TryGetValue(target, out var transfer);
            string[] cells =
            [
                target,
                transfer is null ? "–"
                : transfer.IsOwn ? "its own labels"
                : string.Join(" + ", transfer.Sources),
                Number(transfer?.Value),
                .. rates.Gain is { } gain ? [Rate(gain.Targets, target)] : Array.Empty<string>(),
                .. rates.Quality is { } quality ? [Rate(quality.Targets, target)] : Array.Empty<string>(),
            ];
            table.AddRow([.. cells.Select(PrintableText.Escape)]);
        }

        Terminal.For(output).Write(table);
        output.WriteLine(
            Line($"Supervise: {string.Join(", ", policy.Sources)} (cost {policy.Cost:0.###} of {program.Budget:0.###})")
        );
        output.WriteLine(
            Line(
                $"Total:     {policy.Total:0.000000}, {(policy.Optimal ? "the best there is" : $"at most {policy.Bound:0.000000} can be had")} ({Name(taxonomy.Solver)})"
            )
        );
        output.WriteLine(
            Line(
                $"Random:    {rates.Random.Total:0.000000} on average, {rates.Random.BestTotal:0.000000} at best, of {rates.Random.Policies} policies within the budget"
            )
        );
        Write(output, "Gain:     ", rates.Gain?.Mean, rates.Random.Gain, "wins over networks from scratch");
        Write(output, "Quality:  ", rates.Quality?.Mean, rates.Random.Quality, "wins over networks with all labels");
        if (policy.Unserved.Count > 0)
        {
            output.WriteLine($"Unserved:  {string.Join(", ", policy.Unserved)}: none of the sources transfers to it");
        }
    }

    private static void Write(TextWriter output, string name, double? mean, double? random, string what)
    {
        if (mean is { } rate)
        {
            output.WriteLine(Line($"{name} {rate:0.0000} {what}; random policies {random:0.0000}"));
        }
    }

    private static string Name(TransferSolver solver) => solver.ToString().ToLowerInvariant();

    private static string Rate(IReadOnlyDictionary<string, double> rates, string target) =>
        rates.TryGetValue(target, out var rate) ? rate.ToString("0.000", CultureInfo.InvariantCulture) : "–";

    private static string Number(double? value) => value?.ToString("0.000000", CultureInfo.InvariantCulture) ?? "–";

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}
