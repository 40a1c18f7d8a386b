using System.Globalization;
using System.Text.Json;
using Plait.Tabular.Models;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tabular.Pareto;

/// <summary>The folder of a front: <c>front.json</c>, <c>front.csv</c>, and a model's folder for each point.</summary>
internal sealed class FrontFolder(string path)
{
    private const string What = "a front";
    private const string Description = "front.json";
    private const string Table = "front.csv";

    /// <summary>Goes on with the front of the same job that is there, or begins a new one in a folder that is free.</summary>
    /// <exception cref="IOException">The folder holds something else, or another front.</exception>
    public ParetoFront Open(ParetoFront begun)
    {
        OwnFolder.RequireFolder(path, What);
        var description = Path.Combine(path, Description);
        if (File.Exists(description))
        {
            var there = Read(description);
            return there.Job == begun.Job
                ? there
                : throw new IOException(
                    $"{path}: this folder holds the front of another job or table; choose another folder, or delete this one."
                );
        }

        OwnFolder.RequireNothingElse(path, What, [], [Description, Table]);
        Write(begun);
        return begun;
    }

    public static string ModelOf(int point) => $"point-{(point + 1).ToString("00", CultureInfo.InvariantCulture)}";

    public string PathOf(string model) => Path.Combine(path, model);

    public CheckpointFolder Checkpoints(string training) => new(Path.Combine(path, "checkpoints", training));

    public void DeleteCheckpoints()
    {
        if (Directory.Exists(Path.Combine(path, "checkpoints")))
        {
            Directory.Delete(Path.Combine(path, "checkpoints"), recursive: true);
        }
    }

    /// <summary>Writes what is known of the front, so that a broken-off training goes on behind the last point.</summary>
    public void Write(ParetoFront front)
    {
        Directory.CreateDirectory(path);
        AtomicFile.WriteText(Path.Combine(path, Description), front.ToJson());
        AtomicFile.WriteText(Path.Combine(path, Table), Csv(front));
    }

    private static ParetoFront Read(string description)
    {
        try
        {
            return ParetoFront.FromJson(StoredFile.ReadAllText(description));
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException(
                $"{description}: this is no description of a front, or it is damaged; delete the folder and train anew.",
                failure
            );
        }
    }

    private static string Csv(ParetoFront front)
    {
        var kept = front.NonDominated.ToHashSet();
        string[] metrics =
        [
            .. front
                .Points.Take(1)
                .SelectMany(point => point.Targets)
                .SelectMany(target => target.Metrics.Keys.Select(metric => $"{target.Name}_{metric}")),
        ];
        IEnumerable<string> header =
        [
            "model",
            .. front.Tasks.Select(task => $"preference_{task}"),
            .. front.Tasks.Select(task => $"loss_{task}"),
            .. metrics,
            "dominated",
        ];
        var lines = front.Points.Select((point, place) => Line(point, !kept.Contains(place))).Prepend(header);
        return string.Concat(lines.Select(line => $"{string.Join(',', line.Select(Quote))}\n"));
    }

    private static IEnumerable<string> Line(ParetoPoint point, bool isDominated) =>
        [
            point.Model,
            .. point.Preference.Select(Number),
            .. point.Losses.Select(Number),
            .. point
                .Targets.SelectMany(target => target.Metrics.Values)
                .Select(value => value is { } number ? Number(number) : ""),
            isDominated ? "yes" : "no",
        ];

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quote(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
