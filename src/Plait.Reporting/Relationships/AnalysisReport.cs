using System.Globalization;
using System.Xml.Linq;
using Plait.Relationships;
using Plait.Relationships.Plans;
using Plait.Relationships.Transfer;
using Plait.Reporting.Plots;
using static Plait.Reporting.Plots.Markup;

namespace Plait.Reporting.Relationships;

/// <summary>What an analysis of tasks found out: matrices, trees, networks and policies.</summary>
internal static partial class AnalysisReport
{
    /// <summary>The sections of a finished analysis.</summary>
    /// <param name="specification">The plan, as the run keeps it.</param>
    /// <param name="result">The answer, as the run keeps it.</param>
    /// <exception cref="FormatException">One of them cannot be read.</exception>
    public static IEnumerable<XElement?> Draw(string specification, string result) =>
        AnalysisPlan.FromJson(specification) switch
        {
            AffinityPlan => [Matrix(MeasuredAffinity.FromJson(result))],
            GroupingPlan => Grouping(MeasuredGrouping.FromJson(result)),
            TaxonomyPlan => Taxonomy(MeasuredTaxonomy.FromJson(result)),
            var other => throw new FormatException($"There is no report of a {other.GetType().Name}."),
        };

    private static XElement Matrix(MeasuredAffinity affinity) =>
        Affinities(affinity.ToMatrix(), affinity.Method, groups: 1);

    private static IEnumerable<XElement?> Grouping(MeasuredGrouping grouping)
    {
        yield return Section(
            "Networks",
            Table(
                ["Network", "Tasks", "Answers for"],
                grouping.Networks.Select(
                    (network, place) =>
                        (string[])
                            [
                                Format.Count(place + 1),
                                string.Join(", ", network),
                                string.Join(", ", network.Where(task => grouping.Serving[task] == place)),
                            ]
                )
            ),
            Classed(
                "p",
                "note",
                $"Chosen by {grouping.Method} for a cost of {Format.Raw(grouping.Cost)} of at most {Format.Raw(grouping.Budget)}{(grouping.Optimal ? "; nothing better fits that budget, by this measure" : "")}."
            )
        );
        if (grouping.Linear is { } linear)
        {
            yield return LinearModels(grouping, linear);
        }

        if (grouping.ExpectedGain is { } gain)
        {
            yield return Section(
                "Expected gain",
                Table(
                    ["Task", "Grouping %", "All together %"],
                    grouping.Tasks.Select(task =>
                        (string[])
                            [
                                task,
                                Format.Percent(100 * gain[task]),
                                grouping.ExpectedGainTogether is { } together
                                    ? Format.Percent(100 * together[task])
                                    : "",
                            ]
                    )
                ),
                Classed("p", "note", "By how much the validation loss is below that of a network of the task alone.")
            );
        }

        if (grouping.Verification is { } verification)
        {
            yield return Verification(verification);
        }

        if (grouping.Affinity is { } written)
        {
            yield return Affinities(
                new AffinityMatrix(written.Tasks, written.Values),
                grouping.Method,
                grouping.Networks.Count
            );
        }
    }

    private static XElement Verification(GroupingVerification verification) =>
        Section(
            "On the test rows",
            Table(
                ["Seed", "Grouping Δm %", "All together Δm %"],
                verification.Seeds.Select(
                    (seed, place) =>
                        (string[])
                            [
                                $"{seed}",
                                Format.Percent(verification.Grouping[place]),
                                Format.Percent(verification.Together[place]),
                            ]
                )
            ),
            Classed("p", "note", "Δm over a network for each task; positive is better.")
        );

    private static XElement Affinities(AffinityMatrix matrix, string method, int groups)
    {
        var values = new double[matrix.Count, matrix.Count];
        for (var i = 0; i < matrix.Count; i++)
        {
            for (var j = 0; j < matrix.Count; j++)
            {
                values[i, j] = i == j ? double.NaN : matrix[i, j];
            }
        }

        var largest = values.Cast<double>().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(1).Max();
        var power = largest is > 0 and (< 0.1 or >= 1000) ? (int)Math.Floor(Math.Log10(largest)) : 0;
        var picture = new RelationshipPicture
        {
            Title = $"Affinities by {method}{(power == 0 ? "" : $", times 1e{power}")}",
            Unit = Math.Pow(10, power),
            Rows = matrix.Tasks,
            Columns = matrix.Tasks,
            Values = values,
            Tree = matrix.Count > 1 ? Dendrogram.Of(matrix.Symmetrized()) : null,
            Groups = groups,
        };
        return Section("Affinities", picture.Parts().Select(part => Classed("div", "scroll", part)));
    }

    private static IEnumerable<XElement?> Taxonomy(MeasuredTaxonomy taxonomy)
    {
        yield return Section(
            "Policy",
            Table(
                ["Target", "Learned from", "Gain %", "Quality %"],
                taxonomy.Policy.Select(pair =>
                    (string[])
                        [
                            pair.Key,
                            pair.Value.Contains(pair.Key) ? "its own labels" : string.Join(" + ", pair.Value),
                            Share(taxonomy.Gain[pair.Key]),
                            Share(taxonomy.Quality[pair.Key]),
                        ]
                )
            ),
            Classed(
                "p",
                "note",
                $"Supervised: {string.Join(", ", taxonomy.Sources)}. Gain and quality are the shares of test rows on which the transfer beats a network from scratch on as few rows, and the task's own network on all rows."
            )
        );
        var table = new TransferTable(taxonomy.Transfers);
        var names = table.Targets;
        var picture = new RelationshipPicture
        {
            Title = "Affinities of first-order transfers, in percent",
            Rows = names,
            Columns = names,
            Values = table.FirstOrder(names, names),
            Captions = ("target", "source"),
            Contrast = 0.5,
            Unit = 0.01,
            Tree = TransferringOut.Tree(table),
            TreeTitle = "Tasks by what they transfer to",
        };
        yield return Section("Transfers", picture.Parts().Select(part => Classed("div", "scroll", part)));
    }

    private static string Share(double share) => (100 * share).ToString("F0", CultureInfo.InvariantCulture);

    private static XElement Table(string[] head, IEnumerable<string[]> rows) =>
        Classed(
            "div",
            "scroll",
            Element(
                "table",
                Element("thead", Element("tr", head.Select(name => Element("th", name)))),
                Element("tbody", rows.Select(row => Element("tr", row.Select(cell => Element("td", cell)))))
            )
        );
}
