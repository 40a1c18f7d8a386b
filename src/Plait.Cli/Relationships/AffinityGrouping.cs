using System.Globalization;
using Plait.Relationships;
using Plait.Relationships.Grouping;
using Plait.Relationships.Tables;

namespace Plait.Cli.Relationships;

/// <summary>What to choose groups from, and how.</summary>
internal sealed record AffinityGroupingOptions
{
    public required string File { get; init; }
    public required int Groups { get; init; }
    public string? Method { get; init; }
    public string? Alone { get; init; }
    public bool LowerBetter { get; init; }
    public TimeSpan? TimeLimit { get; init; }
    public long Seed { get; init; }
}

/// <summary>Chooses groups of tasks from what they gain from each other.</summary>
internal static class AffinityGrouping
{
    private const string Tag = "tag";
    private const string Spectral = "spectral";
    private const string Means = "kmeans";
    private const string Agglomerative = "agglomerative";
    private const string Diagonal = "diagonal";

    public static IReadOnlyList<string> Methods { get; } = [Tag, Spectral, Agglomerative, Means];

    public static GroupingAnswer Run(AffinityGroupingOptions options, CancellationToken cancel)
    {
        var method = TableGrouping.Named(options.Method, Methods);
        var affinities = AffinityMatrixReader.Read(options.File);
        if (method != Tag && options.Groups > affinities.Count)
        {
            throw new CommandFailure(
                $"--groups {options.Groups}: {options.File} has {affinities.Count} tasks, which make no more than as many groups.",
                ExitCode.Usage
            );
        }

        var sign = options.LowerBetter ? -1 : 1;
        if (options.LowerBetter)
        {
            affinities = new AffinityMatrix(affinities.Tasks, Array.ConvertAll(affinities.Values.ToArray(), x => -x));
        }

        var selection = Selection(options, sign, isClustering: method != Tag);
        var grouping = method switch
        {
            Tag => selection.Select(affinities, options.Groups, cancel),
            Spectral => selection.Rate(
                affinities,
                SpectralClustering.Cluster(affinities, options.Groups, options.Seed)
            ),
            Agglomerative => selection.Rate(affinities, Dendrogram.Of(affinities).Cut(options.Groups)),
            _ => selection.Rate(affinities, KMeans.Cluster(Profiles(affinities), options.Groups, options.Seed)),
        };
        return new GroupingAnswer(grouping, method, sign)
        {
            MostGroups = options.Groups,
            Warnings = affinities.IsUniform
                ?
                [
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{options.File}: all affinities are {sign * affinities[0, 1]}, so that there is nothing to tell groups apart by."
                    ),
                ]
                : [],
        };
    }

    private static AffinitySelection Selection(AffinityGroupingOptions options, int sign, bool isClustering)
    {
        return new AffinitySelection
        {
            Alone = Alone(options.Alone, sign) ?? (isClustering ? AloneScore.Of(0) : AloneScore.LastResort),
            TimeLimit = options.TimeLimit ?? new AffinitySelection().TimeLimit,
            Seed = options.Seed,
        };
    }

    private static AloneScore? Alone(string? text, int sign) =>
        text is null ? null
        : text == Diagonal ? AloneScore.Diagonal
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? AloneScore.Of(sign * number)
        : throw new CommandFailure($"--alone is a number or diagonal; got '{text}'.", ExitCode.Usage);

    /// <summary>What each task gains from and gives to each one, as a point; to itself it is what the nearest other is.</summary>
    private static double[][] Profiles(AffinityMatrix affinities)
    {
        var tasks = Enumerable.Range(0, affinities.Count).ToArray();
        return
        [
            .. tasks.Select(task =>
                Profile(task, by => affinities[task, by])
                    .Concat(Profile(task, affected => affinities[affected, task]))
                    .ToArray()
            ),
        ];

        IEnumerable<double> Profile(int task, Func<int, double> affinity)
        {
            var nearest = tasks.Where(other => other != task).Select(affinity).DefaultIfEmpty(0).Max();
            return tasks.Select(other => other == task ? nearest : affinity(other));
        }
    }
}
