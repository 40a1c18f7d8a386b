using System.Text;
using System.Text.Json.Nodes;
using Plait.Faults.Processes;
using Plait.Jobs.Runs;

namespace Plait.Faults.Commands;

/// <summary>A `plait compare` with its worker processes, that is broken off and resumed.</summary>
internal sealed class Comparing : IDisposable
{
    private readonly Folder folder = new();

    public string[] Command =>
        [
            .. new[] { "compare", "-b", "parkinsons", "--networks", "hps,mmoe:experts=2", "--seeds", "1" },
            .. new[] { "--epochs", "3", "--workers", "1", "--json", "--store", Store },
            .. PlaitProgram.OftenSaved,
        ];

    private string Store => folder.Of("store");

    /// <summary>The comparison, where the store has one already.</summary>
    public RunRecord? Run
    {
        get
        {
            if (!Directory.Exists(Store))
            {
                return null;
            }

            using var store = RunStore.Open(Store);
            return store.List().SingleOrDefault();
        }
    }

    /// <summary>The command that goes on, or that starts anew where nothing is kept yet; null where it is finished.</summary>
    public string[]? Next() =>
        Run switch
        {
            null => Command,
            { Status: RunStatus.Finished } => null,
            { Id: var id } => ["resume", id, "--workers", "1", "--json", "--store", Store],
        };

    /// <summary>The table without its seconds, as the store keeps it, and what was measured in each training.</summary>
    public string Outcome()
    {
        using var store = RunStore.Open(Store);
        var run = Run!;
        var table = JsonNode.Parse(store.Result(run.Id)!)!;
        foreach (var row in table["rows"]!.AsArray())
        {
            row!.AsObject().Remove("seconds");
        }

        var text = new StringBuilder(table.ToJsonString());
        foreach (var child in store.Children(run.Id))
        {
            text.Append('\n').Append(child.Name).Append(' ').Append(child.Status);
            text.AppendJoin('\n', store.Measurements(child.Id)).AppendJoin('\n', store.Diagnostics(child.Id));
        }

        return text.ToString();
    }

    public void Dispose() => folder.Dispose();
}
