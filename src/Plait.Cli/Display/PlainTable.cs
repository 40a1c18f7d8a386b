using Spectre.Console;

namespace Plait.Cli.Display;

/// <summary>Tables with a line below the headings and nothing else, so that they fit a narrow terminal.</summary>
internal static class PlainTable
{
    /// <summary>A table without columns.</summary>
    public static Table Create() => new Table().Border(TableBorder.Simple).Collapse();

    /// <summary>Adds a column that stays on one line: numbers, and names that are the program's own.</summary>
    public static Table With(this Table table, string heading, bool right = false)
    {
        var column = new TableColumn(PrintableText.Escape(heading)).NoWrap().PadLeft(0).PadRight(1);
        return table.AddColumn(right ? column.RightAligned() : column);
    }

    /// <summary>Adds a column of longer text, and of names that are the user's, which break where a terminal is too narrow for the table.</summary>
    public static Table WithText(this Table table, string heading) =>
        table.AddColumn(new TableColumn(PrintableText.Escape(heading)).PadLeft(0).PadRight(1));

    /// <summary>Adds a column of numbers under a name that is the user's: the name breaks where it is longer than there is room, the numbers never.</summary>
    public static Table WithNumbers(this Table table, string heading, int room) =>
        table.AddColumn(
            new TableColumn(
                string.Join(
                    '\n',
                    heading
                        .EnumerateRunes()
                        .Chunk(Math.Max(1, room))
                        .Select(part => PrintableText.Escape(string.Concat(part)))
                )
            )
                .NoWrap()
                .PadLeft(0)
                .PadRight(1)
                .RightAligned()
        );
}
