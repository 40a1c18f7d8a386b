using System.Xml.Linq;
using Plait.Jobs;
using Plait.Jobs.Runs;
using Plait.Reporting.Plots;
using static Plait.Reporting.Plots.Markup;

namespace Plait.Reporting.Html;

/// <summary>What the networks of a comparison said of a few test images, beside what is true: a column a task, a line a recipe.</summary>
internal static class AnswerPictures
{
    private const string Explanation =
        "Test images that no network has learned from, from trainings of the first seed. Pixels whose truth is unknown are grey. "
        + "Numbers such as depths run from dark (small) to bright over the range of the truth; normals show their x, y and z as red, "
        + "green and blue; probabilities are white at 1.";

    /// <summary>The section; null where no training kept answers.</summary>
    /// <param name="store">The store.</param>
    /// <param name="children">The trainings of a comparison.</param>
    public static XElement? Draw(RunStore store, IEnumerable<RunRecord> children)
    {
        var kept = children
            .Select(child => (child.Name, Answers: SavedAnswers.Load(store.PathOf(child.Id))))
            .Where(pair => pair.Answers is not null)
            .GroupBy(pair => pair.Name, pair => pair.Answers!)
            .Select(group => (Recipe: group.Key, Answers: group.ToArray()))
            .ToArray();
        if (kept.Length == 0)
        {
            return null;
        }

        var fullest = kept.MaxBy(one => one.Answers.Max(answers => answers.Tasks.Count)).Answers;
        var tasks = fullest.MaxBy(answers => answers.Tasks.Count)!;
        return Section(
            "Answers",
            Enumerable.Range(0, tasks.Input.Rows).Select(row => Table(kept, tasks, row)),
            Classed("p", "note", Explanation)
        );
    }

    private static XElement Table((string Recipe, SavedAnswers[] Answers)[] kept, SavedAnswers truth, int row) =>
        Classed(
            "div",
            "scroll",
            Classed(
                "table",
                "plain answers",
                Element(
                    "thead",
                    Element("tr", Element("th", "Image"), truth.Tasks.Select(task => Element("th", task.Task)))
                ),
                Element(
                    "tbody",
                    Element(
                        "tr",
                        Element("td", Image(MapColours.Photograph(truth.Input, row), truth.Input, "the image")),
                        truth.Tasks.Select(task => Cell(task, task.Target, row, $"truth of {task.Task}"))
                    ),
                    kept.Select(one =>
                        Element(
                            "tr",
                            Element("th", new XAttribute("scope", "row"), one.Recipe),
                            truth.Tasks.Select(task =>
                                one
                                    .Answers.SelectMany(answers => answers.Tasks)
                                    .FirstOrDefault(answer => answer.Task == task.Task)
                                    is { } found
                                    ? Cell(found, found.Answer, row, $"{task.Task} by {one.Recipe}")
                                    : Element("td")
                            )
                        )
                    )
                )
            )
        );

    private static XElement Cell(SavedAnswer task, SavedMaps maps, int row, string label) =>
        Element("td", Image(MapColours.Of(task, maps, row), maps, label));

    private static XElement Image(byte[] colours, SavedMaps maps, string label) =>
        Element(
            "img",
            new XAttribute("src", Png.DataUri(colours, maps.Width, maps.Height)),
            new XAttribute("alt", label),
            new XAttribute("title", label)
        );
}
