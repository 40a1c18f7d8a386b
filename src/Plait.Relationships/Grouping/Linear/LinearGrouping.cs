using Plait.Catalogue;
using Plait.Data;

namespace Plait.Relationships.Grouping.Linear;

/// <summary>Finds groups of tasks by linear models of all of them, with the strength that tells rows kept aside best where none is given.</summary>
/// <remarks>
/// Squared errors are minimised whatever the tasks' own losses are: of numbers in units of their spread, of yes and no on 0 and 1, so that all
/// tasks count alike and none needs a constant, which would pass for something that tasks have in common.
/// </remarks>
[MethodKind(MethodKind.Relationship)]
public abstract class LinearGrouping
{
    private readonly double? strength;
    private readonly int rows;

    /// <summary>Sets the options.</summary>
    /// <param name="strength">Of the penalty, above 0; null for that with the least loss on the validation rows.</param>
    /// <param name="rows">The most rows of a part that are looked at, the first ones; 2 or more.</param>
    protected LinearGrouping(double? strength, int rows)
    {
        Linear.Strengths.Require(strength ?? 1, nameof(strength));
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 2);
        (this.strength, this.rows) = (strength, rows);
    }

    /// <summary>The strengths that are tried, the greatest first.</summary>
    public static IReadOnlyList<double> Strengths { get; } = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001];

    /// <summary>Refuses data that linear models cannot learn.</summary>
    /// <exception cref="NotSupportedException">Its rows are no rows of numbers, or a task has several numbers or classes.</exception>
    public static void Require(IDataSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.InputSpec.Shape?.Count != 1)
        {
            throw new NotSupportedException(
                $"Linear models take rows of numbers; these are {data.InputSpec.Text}. Choose a measure of affinity, such as tag."
            );
        }

        if (!data.Streams.AreShared)
        {
            throw new NotSupportedException(
                "Linear models take tasks that look at the same rows; here some bring their own. Choose a measure of affinity, such as tag."
            );
        }

        if (data.Tasks.FirstOrDefault(task => task.Output != new Tasks.OutputShape(1)) is { } other)
        {
            throw new NotSupportedException(
                $"Linear models learn one number, or yes and no; task '{other.Name}' has {other.Output.Channels} outputs. Leave it out, or choose a measure of affinity, such as tag."
            );
        }
    }

    /// <summary>Learns.</summary>
    /// <param name="training">What the models learn from; all tasks look at the same rows.</param>
    /// <param name="validation">What the strength is chosen by, and the losses are those of.</param>
    /// <param name="groups">How many groups at most, 1 or more.</param>
    /// <exception cref="NotSupportedException">Linear models cannot learn it.</exception>
    /// <exception cref="ArgumentException">The features, or a task's targets, are all the same, or there are none.</exception>
    public LinearGroups Learn(TensorData training, TensorData validation, int groups)
    {
        Require(training);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        var (toLearn, toChoose) = LinearRows.Of(training, validation, rows);
        var most = Math.Min(groups, Math.Min(toLearn.Length, toLearn[0].Features));
        double[] tried = strength is { } given ? [given] : [.. Strengths];
        var (best, losses, found) = tried
            .Select(strength =>
            {
                var found = Fit(toLearn, most, strength);
                return (Strength: strength, Losses: Losses(found.Models), Found: found);
            })
            .MinBy(one => one.Losses.Average());
        var alone = Strengths.Select(strength => Losses(IndependentRidge.Fit(toLearn, strength))).ToArray();
        var together = Strengths.Select(strength => Losses(ClusteredMtl.Fit(toLearn, 1, strength, starts: 1).Models));
        return new LinearGroups(
            found,
            best,
            losses,
            [.. losses.Select((_, task) => alone.Min(ofStrength => ofStrength[task]))],
            together.MinBy(ofStrength => ofStrength.Average())!
        );

        double[] Losses(LinearModels models) => [.. toChoose.Select((data, task) => models.MeanLoss(task, data))];
    }

    /// <summary>Learns with one strength.</summary>
    private protected abstract LinearFit Fit(IReadOnlyList<LinearTaskData> tasks, int groups, double strength);
}

/// <summary>Linear models in groups.</summary>
/// <param name="Models">The models.</param>
/// <param name="Parts">For each task, how much of it each group makes up; adds up to 1, or to 0 where its weights are 0.</param>
/// <param name="LeastPart">What a task has in a group whose tasks it is trained with, at least.</param>
internal sealed record LinearFit(LinearModels Models, double[][] Parts, double LeastPart)
{
    /// <summary>Whether cosines of the models tell how alike tasks are; not so where all are multiples of one model, whose cosines are 1 whatever the tasks.</summary>
    public bool TellsSimilarity { get; init; } = true;
}
