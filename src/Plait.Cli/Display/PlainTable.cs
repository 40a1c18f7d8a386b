using Spectre.Console;

namespace Plait.Cli.Display;

/// <summary>Tables with a line below the headings and nothing else, so that they fit a narrow terminal.</summary>
internal static class PlainTable
{
    /// <summary>A table without columns.</summary>
    public static Table Create() => new Table().Border(TableBorder.Simple).Collapse();

    /// <summary>Adds a column that stays on one line.</summary>
    public static Table With(this Table table, string heading, bool right = false)
    {
        var column = new TableColumn(PrintableText.Escape(heading)).NoWrap().PadLeft(0).PadRight(1);
        return table.AddColumn(right ? column.RightAligned() : column);
    }

    /// <summary>Adds a column of longer text, which may break.</summary>
    public static Table WithText(this Table table, string heading) =>
        table.AddColumn(new TableColumn(PrintableText.Escape(heading)).PadLeft(0).PadRight(1));
}
