using Plait.Cli.Display;
using Spectre.Console;

namespace Plait.Cli.Tests.Display;

public sealed class PrintableWriterTests
{
    [Theory]
    [InlineData("plain é 漢 \t tab\n", "plain é 漢 \t tab\n")]
    [InlineData("two\r\nlines", "two\r\nlines")]
    [InlineData("over\rwritten", @"over\u000Dwritten")]
    [InlineData("\u001b[31mred\a", @"\u001B[31mred\u0007")]
    [InlineData("\u202Eabc\u2069\u009b", @"\u202Eabc\u2069\u009B")]
    public void Control_characters_are_shown_as_codes(string text, string shown)
    {
        var whole = new StringWriter();
        using var writer = new PrintableWriter(whole);
        writer.Write(text);

        Assert.Equal(shown, whole.ToString());
    }

    [Fact]
    public async Task Every_way_to_write_is_covered()
    {
        var text = new StringWriter { NewLine = "\n" };
        await using var writer = new PrintableWriter(text);
        writer.Write('\u001b');
        writer.Write(['\u001b', 'a'], 0, 2);
        writer.Write("{0}", "\u001b");
        writer.Write((object)"\u001b");
        writer.WriteLine("\u001b");
        await writer.WriteAsync("\u001b");
        await writer.WriteLineAsync("\u001b".AsMemory(), TestContext.Current.CancellationToken);

        Assert.DoesNotContain('\u001b', text.ToString());
        Assert.Equal(8, text.ToString().Split(@"\u001B").Length);
    }

    [Fact]
    public void Text_that_nobody_escaped_is_shown_by_a_table_too()
    {
        var text = new StringWriter();
        var table = new Table().AddColumn("a").AddRow(new Text("\u001b]0;owned\a"));

        Terminal.For(text).Write(table);

        Assert.Contains(@"\u001B]0;owned\u0007", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text.ToString());
    }

    [Fact]
    public void Own_colours_stay()
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Out = new AnsiConsoleOutput(text) }
        );
        console.Pipeline.Attach(new PrintableText());

        console.MarkupLine($"[bold]{PrintableText.Escape("[red]\u001b")}[/]");

        Assert.Contains(@"[red]\u001B", text.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("\u001b[1m", text.ToString(), StringComparison.Ordinal);
    }
}
