using CsCheck;
using Plait.Relationships.Transfer;

namespace Plait.Relationships.Tests.Transfer;

/// <summary>Random tables and options, of which every target can be served, and what is best by looking at every choice of sources.</summary>
internal static class TransferPrograms
{
    public static readonly Gen<(TransferTable Table, TransferOptions Options)> Any =
        from count in Gen.Int[2, 6]
        from coarse in Gen.Bool
        from numbers in (coarse ? Gen.Int[0, 3].Select(whole => whole / 4.0) : Gen.Double[0, 1]).Array[200]
        from keep in Gen.Double[0, 1].Array[200]
        from costs in Gen.Int[0, 6].Select(quarters => quarters / 4.0).Array[count]
        from importances in Gen.Int[0, 4].Select(halves => halves / 2.0).Array[count]
        from more in Gen.Int[0, 12].Select(quarters => quarters / 4.0)
        from own in Gen.Bool
        from most in Gen.Int[0, 3]
        select (
            Table(count, numbers, keep),
            new TransferOptions
            {
                Budget = Math.Max(0.25, costs.Max()) + more,
                OwnSupervision = own,
                MostSources = most == 0 ? null : most,
                Costs = Named(costs),
                Importances = Named(importances),
            }
        );

    /// <summary>By the definition alone: each choice of sources, each target's best transfer from them.</summary>
    public static (double Total, string[] Sources) Best(TransferTable table, TransferOptions options)
    {
        var names = table.Sources.Union(table.Targets).Order(StringComparer.Ordinal).ToArray();
        var choices = Enumerable
            .Range(0, 1 << names.Length)
            .Select(set => names.Where((_, i) => (set >> i & 1) == 1).ToArray())
            .Where(chosen => Cost(chosen, options) <= options.Budget)
            .Select(chosen => (Total: Total(table, options, chosen), Sources: chosen))
            .ToArray();
        var greatest = choices.Max(choice => choice.Total);
        return choices
            .Where(choice => choice.Total >= greatest * (1 - 1e-12))
            .OrderBy(choice => Cost(choice.Sources, options))
            .ThenBy(choice => choice.Sources.Length)
            .ThenBy(choice => string.Join(' ', choice.Sources), StringComparer.Ordinal)
            .First();
    }

    public static double Total(TransferTable table, TransferOptions options, string[] chosen) =>
        table.Targets.Sum(target =>
            options.Importances.GetValueOrDefault(target, 1)
            * table
                .Transfers.Where(transfer => transfer.Target == target)
                .Where(transfer =>
                    transfer.Sources is ["self"]
                        ? options.OwnSupervision && chosen.Contains(target)
                        : transfer.Sources.All(chosen.Contains)
                            && !transfer.Sources.Contains(target)
                            && transfer.Sources.Count <= (options.MostSources ?? int.MaxValue)
                )
                .Select(transfer => transfer.Value)
                .DefaultIfEmpty(0)
                .Max()
        );

    public static double Cost(IEnumerable<string> chosen, TransferOptions options) =>
        chosen.Sum(source => options.Costs.GetValueOrDefault(source, 1));

    private static Dictionary<string, double> Named(double[] numbers) =>
        numbers.Select((number, i) => (Name: Name(i), number)).ToDictionary(pair => pair.Name, pair => pair.number);

    private static string Name(int task) => $"{(char)('a' + task)}";

    private static TransferTable Table(int count, double[] numbers, double[] keep)
    {
        var transfers = new List<TaskTransfer>();
        var tasks = Enumerable.Range(0, count).Select(Name).ToArray();
        foreach (var target in tasks)
        {
            Add(target, TransferTable.Own);
            Add(target, TransferTable.Random);
            foreach (var source in tasks)
            {
                Add(target, source);
            }

            for (var extra = 0; extra < 6; extra++)
            {
                var sources = tasks
                    .Where((_, i) => keep[(transfers.Count + (7 * i)) % keep.Length] < 0.4)
                    .Take(3)
                    .ToArray();
                if (
                    sources.Length > 1
                    && !transfers.Any(one => one.Target == target && one.Sources.SequenceEqual(sources))
                )
                {
                    Add(target, sources);
                }
                else
                {
                    Add(target, "elsewhere", $"more {extra}");
                }
            }
        }

        return new TransferTable(transfers.Where(one => !one.Sources.Contains("elsewhere")));

        void Add(string target, params string[] sources) =>
            transfers.Add(new TaskTransfer(target, sources, numbers[transfers.Count % numbers.Length]));
    }
}
