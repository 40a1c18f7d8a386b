namespace Plait.Relationships.Grouping.Prediction;

/// <summary>What is known of one task before it is trained with others.</summary>
/// <param name="Task">Its name.</param>
/// <param name="Values">Numbers by name, finite; the same names for all tasks.</param>
public sealed record TaskFeatures(string Task, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>The features of the papers: of the labels, and of the curve of the task trained alone.</summary>
    /// <remarks>
    /// Bingel and Søgaard 2017: 14 of a task, of which the slopes of the loss and the entropy of the labels told most. What depends on
    /// the kind of input (the share of unknown words, tokens per type, the Frobenius norm of the bag of words, <see cref="JensenShannon"/> of
    /// training and test words) comes in <paramref name="others"/>.
    /// </remarks>
    /// <param name="task">The task's name.</param>
    /// <param name="labels">Of its training rows.</param>
    /// <param name="curve">Of a training of this task alone; of as many steps for every task.</param>
    /// <param name="others">Further numbers by name.</param>
    /// <exception cref="ArgumentException">A further number has a name that is taken.</exception>
    public static TaskFeatures Of(
        string task,
        LabelDistribution labels,
        LearningCurve curve,
        IReadOnlyDictionary<string, double>? others = null
    )
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(curve);
        var fit = curve.Fit();
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["examples"] = labels.Examples,
            ["labels"] = labels.Labels,
            ["label entropy"] = labels.Entropy,
            ["label kurtosis"] = labels.Kurtosis,
            ["labels per example"] = labels.TypesPerToken,
            ["curve steepness"] = fit.Steepness,
            ["curve rate"] = fit.Rate,
        };
        foreach (var place in LearningCurve.Places)
        {
            values[$"slope at {100 * place:0} %"] = curve.SlopeAt(place);
        }

        foreach (var (name, value) in others ?? new Dictionary<string, double>())
        {
            if (!values.TryAdd(name, value))
            {
                throw new ArgumentException($"Task '{task}' has two features '{name}'; rename one.", nameof(others));
            }
        }

        return new TaskFeatures(task, values);
    }
}
