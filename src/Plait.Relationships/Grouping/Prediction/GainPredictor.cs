namespace Plait.Relationships.Grouping.Prediction;

/// <summary>Tells the probability that one task gains from another, by a logistic regression on what is known of both.</summary>
/// <remarks>
/// Bingel and Søgaard 2017. Minimises Σ ln(1 + exp(∓z)) + penalty |w|² / 2 over standardised features, where the intercept is not
/// penalised; the penalty keeps the minimum finite where the pairs can be separated. All that it is stands in its properties, so it
/// can be written as JSON and read again.
/// </remarks>
/// <param name="Features">The names of the features, in the order of the other lists.</param>
/// <param name="Means">Their means over the pairs it learned from.</param>
/// <param name="Scales">Their standard deviations there; 1 where a feature never changed.</param>
/// <param name="Coefficients">w: what a standard deviation more of a feature adds to the log-odds of a gain.</param>
/// <param name="Intercept">The log-odds of a gain at the means.</param>
/// <param name="Penalty">What it was learned under.</param>
public sealed record GainPredictor(
    IReadOnlyList<string> Features,
    IReadOnlyList<double> Means,
    IReadOnlyList<double> Scales,
    IReadOnlyList<double> Coefficients,
    double Intercept,
    double Penalty
)
{
    /// <summary>Learns from pairs that were trained together.</summary>
    /// <param name="examples">Pairs with gains and pairs without, of the same features.</param>
    /// <param name="penalty">Above 0; 1 is the default of the library that the authors used.</param>
    /// <exception cref="ArgumentException">All gained or none did, or a pair's features are of other names.</exception>
    public static GainPredictor Fit(IReadOnlyList<GainExample> examples, double penalty = 1)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (!(penalty > 0 && double.IsFinite(penalty)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(penalty),
                penalty,
                "The penalty is finite and above 0: without one, pairs that can be separated have no solution."
            );
        }

        var gains = examples.Count(example => example.Gained);
        if (gains == 0 || gains == examples.Count)
        {
            throw new ArgumentException(
                $"{gains} of {examples.Count} pairs gained; a predictor learns from pairs that did and pairs that did not.",
                nameof(examples)
            );
        }

        string[] names = [.. examples[0].Features.Values.Keys.Order(StringComparer.Ordinal)];
        var rows = examples.Select(example => Row(example.Features, names)).ToArray();
        var (means, scales) = (new double[names.Length], new double[names.Length]);
        for (var j = 0; j < names.Length; j++)
        {
            means[j] = rows.Average(row => row[j]);
            var deviation = Math.Sqrt(rows.Average(row => (row[j] - means[j]) * (row[j] - means[j])));
            scales[j] = deviation > 0 ? deviation : 1;
        }

        var solution = LogisticRidge.Fit(
            [.. rows.Select(row => Standardize(row, means, scales))],
            [.. examples.Select(example => example.Gained)],
            penalty
        );
        return new GainPredictor(names, means, scales, solution[..^1], solution[^1], penalty);
    }

    /// <summary>The probability that the main task gains from the auxiliary one.</summary>
    /// <param name="pair">With the features that this predictor learned from.</param>
    /// <exception cref="ArgumentException">A feature is missing, or there is one more.</exception>
    public double Probability(GainFeatures pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        var row = Standardize(Row(pair, Features), Means, Scales);
        return LogisticRidge.Probability(Intercept + row.Zip(Coefficients, (x, w) => x * w).Sum());
    }

    /// <summary>The features with their coefficients, those that tell most first.</summary>
    public IReadOnlyList<(string Feature, double Coefficient)> Ranked() =>
        [.. Features.Zip(Coefficients).OrderByDescending(pair => Math.Abs(pair.Second))];

    /// <summary>The probabilities of all pairs of tasks as an affinity: how likely the row's task gains from the column's.</summary>
    /// <param name="tasks">Two or more.</param>
    /// <returns>From 0 to 1; 1/2 on the diagonal.</returns>
    public AffinityMatrix Affinity(IReadOnlyList<TaskFeatures> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return new AffinityMatrix(
            [.. tasks.Select(task => task.Task)],
            [
                .. tasks.SelectMany(
                    _ => tasks,
                    (main, other) => ReferenceEquals(main, other) ? 0.5 : Probability(GainFeatures.Of(main, other))
                ),
            ]
        );
    }

    /// <summary>Tells each pair's gain from all others, standardisation included.</summary>
    /// <remarks>
    /// Pairs of one main task share most of their features, so that leaving out one pair alone leaves much of it in. With
    /// <paramref name="apart"/> = pair => pair.Main whole tasks are left out: what to expect of a task never seen.
    /// </remarks>
    /// <param name="examples">Pairs with gains and pairs without.</param>
    /// <param name="penalty">Above 0.</param>
    /// <param name="apart">Pairs with the same answer are left out together; each pair on its own when null.</param>
    /// <returns>A pair whose others all went one way is told to go that way.</returns>
    public static GainEvaluation LeaveOneOut(
        IReadOnlyList<GainExample> examples,
        double penalty = 1,
        Func<GainFeatures, string>? apart = null
    )
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfLessThan(examples.Count, 2, nameof(examples));
        var probabilities = new double[examples.Count];
        foreach (
            var left in Enumerable
                .Range(0, examples.Count)
                .GroupBy(i => apart is null ? $"{i}" : apart(examples[i].Features), StringComparer.Ordinal)
        )
        {
            var out_ = left.ToHashSet();
            GainExample[] rest = [.. examples.Where((_, i) => !out_.Contains(i))];
            var predictor =
                rest.Any(example => example.Gained) && rest.Any(example => !example.Gained) ? Fit(rest, penalty) : null;
            foreach (var i in out_)
            {
                probabilities[i] =
                    predictor?.Probability(examples[i].Features) ?? (rest.Any(example => example.Gained) ? 1 : 0);
            }
        }

        return GainEvaluation.Of(examples, probabilities);
    }

    private static double[] Row(GainFeatures pair, IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(name => !pair.Values.ContainsKey(name)) is { } missing)
        {
            throw new ArgumentException(
                $"The pair of '{pair.Main}' and '{pair.Auxiliary}' lacks the feature '{missing}'."
            );
        }

        return pair.Values.Count == names.Count
            ? [.. names.Select(name => pair.Values[name])]
            : throw new ArgumentException(
                $"The pair of '{pair.Main}' and '{pair.Auxiliary}' has the feature '{pair.Values.Keys.Except(names).First()}', which others lack."
            );
    }

    private static double[] Standardize(double[] row, IReadOnlyList<double> means, IReadOnlyList<double> scales) =>
        [.. row.Select((x, j) => (x - means[j]) / scales[j])];
}
