using System.Globalization;
using System.IO.Compression;
using Plait.Relationships.Grouping.Linear;

namespace Plait.Relationships.Tests.Grouping.Linear;

/// <summary>A table of many tasks beside the checkout, in shared/data of a folder above: first column the task, last the target.</summary>
internal static class SharedTable
{
    /// <summary>Reads it, or skips the test that asks where it is not there.</summary>
    public static IReadOnlyList<(int Task, double[] Inputs, double Target)> Read(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        string? path = null;
        while (folder is not null && path is null)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", name, $"{name}.csv.gz");
            path = File.Exists(candidate) ? candidate : null;
            folder = folder.Parent;
        }

        Assert.SkipWhen(path is null, $"There is no shared/data/{name}/{name}.csv.gz beside the checkout.");
        using var text = new StreamReader(new GZipStream(File.OpenRead(path!), CompressionMode.Decompress));
        _ = text.ReadLine();
        var rows = new List<(int, double[], double)>();
        while (text.ReadLine() is { } line)
        {
            var numbers = Array.ConvertAll(line.Split(','), field => double.Parse(field, CultureInfo.InvariantCulture));
            rows.Add(((int)numbers[0], numbers[1..^1], numbers[^1]));
        }

        return rows;
    }

    /// <summary>Every k-th row of a task for learning and the others for the test, features standardised and a constant added.</summary>
    public static (LinearTaskData[] Training, LinearTaskData[] Test) Split(
        IReadOnlyList<(int Task, double[] Inputs, double Target)> rows,
        int every,
        int features
    )
    {
        var means = Enumerable.Range(0, features).Select(j => rows.Average(row => row.Inputs[j])).ToArray();
        var scales = means
            .Select((mean, j) => Math.Sqrt(rows.Average(row => Math.Pow(row.Inputs[j] - mean, 2))))
            .ToArray();
        var tasks = rows.GroupBy(row => row.Task).OrderBy(task => task.Key).ToArray();
        return (Part(true), Part(false));

        LinearTaskData[] Part(bool training) =>
            [
                .. tasks.Select(task =>
                {
                    var kept = task.Where((_, i) => i % every == 0 == training).ToArray();
                    return new LinearTaskData(
                        $"{task.Key}",
                        [
                            .. kept.SelectMany(row =>
                                row.Inputs[..features].Select((x, j) => (x - means[j]) / scales[j]).Append(1)
                            ),
                        ],
                        [.. kept.Select(row => row.Target)]
                    );
                }),
            ];
    }
}
