using Plait.Torch;

namespace Plait.Tests.Torch;

public sealed class ForeignTextTests
{
    [Theory]
    [InlineData("plain é 漢 😀", "plain é 漢 😀")]
    [InlineData("line\nline\r\nline\ttab", "line\nline\r\nline\ttab")]
    [InlineData("\u001b[2J\a\0\u007f", @"\u001B[2J\u0007\u0000\u007F")]
    [InlineData("back\rover", @"back\u000Dover")]
    [InlineData("\u009b31m\u0085", @"\u009B31m\u0085")]
    [InlineData("\u202Eabc\u2066\u200F\u061C\u2028", @"\u202Eabc\u2066\u200F\u061C\u2028")]
    public void Visible_text_has_codes_for_what_controls(string text, string visible)
    {
        Assert.Equal(visible, ForeignText.Visible(text));
        Assert.Equal(text == visible, ForeignText.IsVisible(text));
    }

    [Fact]
    public void Printable_text_is_one_line_and_not_long()
    {
        Assert.Equal(@"a\nb\r\nc d\u001B", ForeignText.Printable("a\nb\r\nc\td\u001b"));
        Assert.Equal(203, ForeignText.Printable(new string('x', 1000)).Length);
    }

    [Fact]
    public void Json_means_the_same_with_codes()
    {
        const string Name = "\u202Ename\u009b\u007f\u2029";
        var json = $"[\"{Name}\"]";

        var visible = ForeignText.Visible(json);

        Assert.NotEqual(json, visible);
        Assert.Equal([Name], System.Text.Json.JsonSerializer.Deserialize<string[]>(visible)!);
    }
}
