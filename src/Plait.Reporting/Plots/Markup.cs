using System.Text;
using System.Xml;
using System.Xml.Linq;
using Plait.Torch;

namespace Plait.Reporting.Plots;

/// <summary>Builds HTML out of XML elements: names from outside are text, and cannot become markup.</summary>
internal static class Markup
{
    // HTML knows these without content, and only these.
    private static readonly HashSet<string> Void = ["meta", "br", "img"];

    /// <summary>An element without a class.</summary>
    public static XElement Element(string name, params object?[] content) => new(name, content);

    /// <summary>An element with a class.</summary>
    public static XElement Classed(string name, string css, params object?[] content) =>
        new(name, new XAttribute("class", css), content);

    /// <summary>A part of the page under a heading.</summary>
    public static XElement Section(string heading, params object?[] content) =>
        new("section", new XElement("h2", heading), content);

    /// <summary>A whole page.</summary>
    /// <param name="title">The window's title.</param>
    /// <param name="style">A style sheet without angle brackets and ampersands.</param>
    /// <param name="script">A script without angle brackets and ampersands.</param>
    /// <param name="body">What the page shows.</param>
    public static string Page(string title, string style, string script, params object?[] body)
    {
        var page = new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement(
                    "meta",
                    new XAttribute("name", "viewport"),
                    new XAttribute("content", "width=device-width, initial-scale=1")
                ),
                new XElement("title", title),
                new XElement("style", style)
            ),
            new XElement("body", new XElement("main", body), new XElement("script", script))
        );
        foreach (var element in page.DescendantsAndSelf())
        {
            if (element.IsEmpty && !Void.Contains(element.Name.LocalName))
            {
                element.Value = ""; // An explicit end tag: HTML ignores the slash of <td/>.
            }
        }

        MakePrintable(page);
        return $"<!DOCTYPE html>\n{page.ToString(SaveOptions.DisableFormatting)}\n";
    }

    /// <summary>Replaces characters that XML does not allow, lone surrogates among them, and those that control what is shown, by U+FFFD.</summary>
    public static void MakePrintable(XElement root)
    {
        foreach (var element in root.DescendantsAndSelf())
        {
            foreach (var attribute in element.Attributes())
            {
                attribute.Value = Printable(attribute.Value);
            }

            foreach (var text in element.Nodes().OfType<XText>())
            {
                text.Value = Printable(text.Value);
            }
        }
    }

    /// <summary>Text whose characters XML allows and readers see; others, lone surrogates among them, become U+FFFD.</summary>
    private static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            printable.Append((rune.IsBmp && !IsPrintable((char)rune.Value) ? Rune.ReplacementChar : rune).ToString());
        }

        return printable.ToString();
    }

    private static bool IsPrintable(char character) =>
        character is '\n' or '\t' || (XmlConvert.IsXmlChar(character) && !ForeignText.IsControl(character));
}
