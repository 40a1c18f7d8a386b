using Plait.Benchmarks;
using Plait.Jobs;
using Plait.Relationships.Grouping.Prediction;
using Plait.Relationships.Plans;
using Plait.Training;

namespace Plait.Demonstrations;

/// <summary>Which of the pairs of twelve toxicity assays gain from one another, told by what is seen of each assay alone.</summary>
/// <remarks>
/// Bingel and Søgaard 2017, who did it for ten tasks of tagging words. Each assay is trained alone and with each other one, a few times, with
/// rows divided and networks started anew; a pair's gain is the mean of these. A pair left out leaves others of the same main task in, so that
/// it takes more than saying what that task did with the others to have told something of the pair.
/// </remarks>
internal sealed class GainsTold : Demonstration
{
    private const int Shuffles = 20;

    /// <inheritdoc/>
    public override string Name => "gain-predictors";

    /// <inheritdoc/>
    public override string Claim =>
        "The labels and the loss curves of tasks trained alone tell which task gains from which, better than always saying the same.";

    /// <summary>So many of the assays take part, from the first on.</summary>
    public int Assays { get; init; } = 12;

    /// <summary>Times that all is trained.</summary>
    public int Times { get; init; } = 4;

    /// <summary>Molecules that each training learns from.</summary>
    public int Molecules { get; init; } = 2000;

    /// <summary>Epochs of each training.</summary>
    public int Epochs { get; init; } = 10;

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed)
    {
        var times = Enumerable.Range(0, Times).Select(time => Train((seed * 1000L) + time)).ToArray();
        var gains = Mean([.. times.Select(time => time.Gains)]);
        GainExample[] examples = [.. GainLearning.Examples(Mean([.. times.Select(time => time.Features)]), gains)];
        GainExample[] earlier =
        [
            .. GainLearning.Examples(
                times[0].Features,
                Mean([.. times[..((Times + 1) / 2)].Select(time => time.Gains)])
            ),
        ];
        GainExample[] later =
        [
            .. GainLearning.Examples(times[0].Features, Mean([.. times[(Times / 2)..].Select(time => time.Gains)])),
        ];
        List<Observation> results =
        [
            new("all pairs", "share that gains", Share(examples.Select(example => example.Gained))),
            new(
                "all pairs",
                "share that both halves of the trainings agree on",
                Share(earlier.Zip(later, (one, other) => one.Gained == other.Gained))
            ),
            new("all pairs", "accuracy of saying what the task does with most others", OfMain(examples)),
        ];
        foreach (var (setting, apart) in Ways)
        {
            var told = GainPredictor.LeaveOneOut(examples, apart: apart);
            results.Add(new(setting, "accuracy", told.Accuracy));
            results.Add(new(setting, "accuracy of always saying the same", told.MajorityAccuracy));
            results.Add(new(setting, "accuracy with the gains shuffled", Shuffled(examples, apart, seed)));
            results.Add(new(setting, "area under the curve", Area(examples, told.Probabilities)));
        }

        return results;
    }

    private static (string Setting, Func<GainFeatures, string>? Apart)[] Ways =>
        [("pairs left out", null), ("whole tasks left out", pair => pair.Main)];

    private (IReadOnlyList<TaskFeatures> Features, double[] Gains) Train(long seed)
    {
        var names = BenchmarkCatalog.Get("tox21").Tasks.Take(Assays).Select(task => task.Name).ToArray();
        var plan = new AffinityPlan
        {
            Data = new BenchmarkSource { Benchmark = "tox21" },
            Tasks = names,
            Method = AffinityPlan.Pairwise,
            LearnsPredictor = true,
            Seeds = [seed],
            Settings = new RunSpecification
            {
                Encoder = "mlp:widths=32",
                Epochs = Epochs,
                BatchSize = 64,
                GradientRecordInterval = 0,
            },
        };
        using var runner = new JobRunner();
        FinishedJob[] finished =
        [
            .. plan.Next([])
                .Select(planned => new FinishedJob(
                    planned,
                    runner.Run(planned.Job with { TrainingRows = Molecules }).Result,
                    ""
                )),
        ];
        return (GainLearning.FeaturesOf(names, finished), plan.Conclude(finished).Values.ToArray());
    }

    private static double[] Mean(double[][] times) =>
        [.. times[0].Select((_, pair) => times.Average(gains => gains[pair]))];

    private static TaskFeatures[] Mean(IReadOnlyList<TaskFeatures>[] times) =>
        [
            .. times[0]
                .Select(
                    (task, place) =>
                        new TaskFeatures(
                            task.Task,
                            task.Values.Keys.ToDictionary(
                                name => name,
                                name => times.Average(time => time[place].Values[name])
                            )
                        )
                ),
        ];

    private static double OfMain(GainExample[] examples) =>
        Share(
            examples.Select(example =>
            {
                var others = examples.Where(other => other.Features.Main == example.Features.Main && other != example);
                return example.Gained == (2 * others.Count(other => other.Gained) > others.Count());
            })
        );

    private static double Share(IEnumerable<bool> answers) => answers.Average(answer => answer ? 1.0 : 0);

    /// <summary>What is told where there is nothing to be told: the mean over some shuffles of the gains.</summary>
    private static double Shuffled(GainExample[] examples, Func<GainFeatures, string>? apart, int seed)
    {
        var chance = new Random(seed);
        return Enumerable
            .Range(0, Shuffles)
            .Average(_ =>
            {
                var gains = examples.Select(example => example.Gain).ToArray();
                chance.Shuffle(gains);
                return GainPredictor
                    .LeaveOneOut(
                        [.. examples.Zip(gains, (example, gain) => example with { Gain = gain })],
                        apart: apart
                    )
                    .Accuracy;
            });
    }

    /// <summary>How often a pair that gains is told to be likelier than one that does not; ties count half.</summary>
    private static double Area(GainExample[] examples, IReadOnlyList<double> told)
    {
        var with = told.Where((_, pair) => examples[pair].Gained).ToArray();
        var without = told.Where((_, pair) => !examples[pair].Gained).ToArray();
        return with.SelectMany(
                _ => without,
                (gained, not) =>
                    gained > not ? 1
                    : gained == not ? 0.5
                    : 0
            )
            .DefaultIfEmpty(double.NaN)
            .Average();
    }
}
