using System.Reflection;
using System.Xml.Linq;

namespace Plait.Reporting.Plots;

/// <summary>Makes a picture a file of its own: it follows the reader's light or dark theme and needs nothing beside it.</summary>
internal static class SvgFile
{
    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    /// <summary>The text of the file.</summary>
    /// <param name="picture">From <see cref="Svg.Picture"/>; its elements are renamed.</param>
    public static string Text(XElement picture)
    {
        picture.AddFirst(new XElement("style", Resource("report.css"), Resource("gradients.css")));
        foreach (var element in picture.DescendantsAndSelf())
        {
            element.Name = Namespace + element.Name.LocalName;
        }

        Markup.MakePrintable(picture);
        return $"{picture}\n";
    }

    /// <summary>An embedded style sheet or script.</summary>
    public static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
