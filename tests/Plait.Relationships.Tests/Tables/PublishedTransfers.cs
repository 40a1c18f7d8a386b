using System.Collections.Concurrent;
using Plait.Relationships.Tables;
using Plait.Relationships.Transfer;

namespace Plait.Relationships.Tests.Tables;

/// <summary>The tables published with Taskonomy (see Data/taskonomy/README.md), each read once.</summary>
internal static class PublishedTransfers
{
    private static readonly ConcurrentDictionary<string, TransferTable> Tables = new();

    public static TransferTable Of(string name) => Tables.GetOrAdd(name, _ => TransferTableReader.Read(Path(name)));

    public static string Path(string name) =>
        System.IO.Path.Combine(AppContext.BaseDirectory, "Data", "taskonomy", $"{name}.csv.gz");
}
