using System.Globalization;
using System.Text.Json;
using Plait.Cli.Arguments;
using Plait.Reporting.Gradients;
using Plait.Torch;

namespace Plait.Cli.Aggregation;

/// <summary>Draws cases: each into a file of its own in a folder, or the first one into one file.</summary>
/// <param name="path">A file whose name ends in .svg, or a folder.</param>
/// <param name="warn">Takes what a person should know.</param>
internal sealed class CasePictures(string path, Action<string> warn)
{
    private const string Ending = ".svg";

    private readonly bool isFile = path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase);
    private long drawn;

    /// <summary>Makes the folder that the pictures need, so that what cannot be written is known before the first case.</summary>
    /// <exception cref="CommandFailure">The file is a folder.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public void Prepare()
    {
        if (isFile)
        {
            _ = OutputFile.PathOf(path);
        }
        else
        {
            AtomicFile.MakeFolderFor(Path.Combine(path, Ending));
        }
    }

    /// <summary>Draws one case, unless the one file there may be is drawn already.</summary>
    /// <returns>Whether the case is one that can be drawn.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public bool Draw(GradientCase given, IReadOnlyList<(string Method, CombinedUpdate Update)> updates)
    {
        if (given.Count is < 2 or > GradientPicture.MostGradients)
        {
            warn(
                $"line {given.Line}: not drawn, since a picture shows two or three tasks and this case has {given.Count}."
            );
            return false;
        }

        if (!isFile || drawn == 0)
        {
            var picture = GradientPicture.Render(
                Title(given),
                [
                    .. given.Tasks.Select(
                        (task, i) => new PictureVector(task.Name, given.RowMemory(i), Length(given.Lengths[i]))
                    ),
                ],
                [
                    .. updates.Select(one => new PictureVector(
                        one.Method,
                        one.Update.Combined,
                        $"{Length(one.Update.Length)}, conflicts {one.Update.Conflicts}"
                    )),
                ]
            );
            AtomicFile.WriteText(isFile ? path : Path.Combine(path, $"line-{given.Line}{Ending}"), picture);
        }

        drawn++;
        return true;
    }

    /// <summary>Says what one file could not hold.</summary>
    public void Finish()
    {
        if (isFile && drawn > 1)
        {
            warn($"{path} shows the first of {drawn} cases; name a folder for --draw to have them all.");
        }
    }

    private static string Title(GradientCase given)
    {
        if (given.Id is null)
        {
            return $"Line {given.Line}";
        }

        using var id = JsonDocument.Parse(given.Id);
        return $"Case {id.RootElement}";
    }

    private static string Length(double length) => string.Create(CultureInfo.InvariantCulture, $"length {length:g4}");
}
