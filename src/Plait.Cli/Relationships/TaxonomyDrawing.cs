using Plait.Relationships;
using Plait.Relationships.Transfer;
using Plait.Reporting.Relationships;
using Plait.Torch;

namespace Plait.Cli.Relationships;

/// <summary>Draws the first-order affinities of a table and the tree of its tasks.</summary>
internal static class TaxonomyDrawing
{
    private const int MostGroups = 4; // As many as the paper reports among 22 tasks.
    private const int TasksPerGroup = 5;
    private const double Contrast = 0.5; // One transfer in ten takes most of an affinity that adds up to 1.

    /// <summary>Refuses a name from which it cannot be told what to draw.</summary>
    /// <exception cref="CommandFailure">It ends neither in .svg nor in .html.</exception>
    public static void RequireKind(string path)
    {
        if (!Ends(path, ".svg") && !Ends(path, ".html"))
        {
            throw new CommandFailure($"--draw takes a file that ends in .svg or .html; got '{path}'.", ExitCode.Usage);
        }
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, TransferTable table)
    {
        if (!table.Transfers.Any(transfer => transfer.Order == 1 && !TransferTable.IsReserved(transfer.Sources[0])))
        {
            throw new CommandFailure("There is nothing to draw: the table has no transfer from a single task.");
        }

        var tree = TreeOf(path, table);
        var values = table.FirstOrder(table.Targets, table.Sources);
        var largest = values.Cast<double>().Where(double.IsFinite).Max();
        var picture = new RelationshipPicture
        {
            Title =
                largest <= 1
                    ? "Affinities of first-order transfers, in percent"
                    : "Affinities of first-order transfers",
            Rows = table.Targets,
            Columns = table.Sources,
            Values = values,
            Captions = ("target", "source"),
            Contrast = Contrast,
            Unit = largest <= 1 ? 0.01 : 1,
            Tree = tree,
            TreeTitle = "Tasks by what they transfer to",
            Groups = Math.Clamp(tree.Names.Count / TasksPerGroup, 1, MostGroups),
        };
        var text = Ends(path, ".svg")
            ? picture.Svg()
            : picture.Page(
                "A row is a target, a column the source that it is learned from. Tasks that transfer to the same targets are near each other in the tree, and rows and columns stand in its order."
            );
        AtomicFile.WriteText(path, text);
    }

    private static Dendrogram TreeOf(string path, TransferTable table)
    {
        try
        {
            return TransferringOut.Tree(table);
        }
        catch (ArgumentException failure)
        {
            throw new CommandFailure($"--draw {path}: the tree of tasks cannot be drawn: {failure.Message}");
        }
    }

    private static bool Ends(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
