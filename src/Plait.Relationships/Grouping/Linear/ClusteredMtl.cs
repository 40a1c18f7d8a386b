using Plait.Numerics;

namespace Plait.Relationships.Grouping.Linear;

/// <summary>Learns linear tasks in groups, each of which shares a subspace of few dimensions, and finds the groups meanwhile.</summary>
/// <remarks>
/// <para>Kang, Grauman and Sha 2011, <i>Learning with Whom to Share in Multi-task Feature Learning</i>: minimises
/// Σ_t loss_t(w_t) + strength Σ_g |W_g|²_*, where W_g holds the weights of the tasks of group g and |.|_* is the sum of singular values. The square
/// matters: with |W_g|_* alone all tasks in one group would cost least.</para>
/// <para>For given groups |W_g|²_* is the least tr(W_g' D⁻¹ W_g) over D ≥ 0 with trace 1, reached at D = (W_g W_g')^½ / tr (Argyriou, Evgeniou and
/// Pontil 2008, theorem 1), so weights and D are solved in turn. The paper relaxes the groups to shares and descends on them; here a task
/// goes to the group under whose D its loss and penalty are least together, and at the end wherever that lowers the norms alone: both lower the
/// objective, and the groups are of whole tasks without rounding. It is not convex, hence the several starts.</para>
/// </remarks>
public static class ClusteredMtl
{
    private const double Smoothing = 1e-6; // on W_g W_g', relative to the mean square length of the tasks' weights at the start

    /// <summary>Learns.</summary>
    /// <param name="tasks">Two or more, over the same features; bring those to one scale.</param>
    /// <param name="groups">How many groups at most, from 1 to the number of tasks; one may end empty.</param>
    /// <param name="strength">Above 0; more of it makes groups share smaller subspaces.</param>
    /// <param name="loss">What the models are judged by.</param>
    /// <param name="starts">From how many random groupings to start; 1 or more. The lowest objective is kept.</param>
    /// <param name="seed">Of the random groupings.</param>
    /// <param name="mostRounds">How often weights, subspaces and groups are solved at most.</param>
    /// <param name="tolerance">It ends when a round lowers the objective by no more than this share of it.</param>
    /// <exception cref="ArgumentException">The tasks do not fit each other or the loss, or a number is out of range.</exception>
    public static ClusteredMtlModel Fit(
        IReadOnlyList<LinearTaskData> tasks,
        int groups,
        double strength = 0.1,
        LinearLoss loss = LinearLoss.Squared,
        int starts = 5,
        long seed = 0,
        int mostRounds = 200,
        double tolerance = 1e-4
    )
    {
        LinearTaskData.Require(tasks, loss);
        Strengths.Require(strength, nameof(strength));
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, tasks.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(starts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostRounds, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        var objectives = tasks.Select(task => new LinearObjective(task, loss)).ToArray();
        var weights = IndependentRidge.Weights(objectives, strength);
        var smoothing = Smoothing * weights.Average(vector => Vectors.Dot(vector, vector));
        if (smoothing == 0)
        {
            return new ClusteredMtlModel(tasks, loss, weights, new int[tasks.Count], [0]);
        }

        return Enumerable
            .Range(0, starts)
            .Select(start =>
                FitFrom(
                    Random(tasks.Count, groups, seed, start),
                    groups,
                    Array.ConvertAll(weights, vector => (double[])vector.Clone()),
                    objectives,
                    new Settings(strength, smoothing, mostRounds, tolerance)
                )
            )
            .MinBy(found => found.Objectives[^1])!
            .ToModel(tasks, loss);
    }

    private static Solution FitFrom(
        int[] grouping,
        int groups,
        double[][] weights,
        LinearObjective[] objectives,
        Settings settings
    )
    {
        var norms = new GroupNorms(weights, settings.Smoothing);
        var history = new List<double>();
        grouping = norms.Settle(grouping, groups);
        while (true)
        {
            var penalties = Enumerable
                .Range(0, groups)
                .Select(group => norms.Penalty(Members(grouping, group), settings.Strength))
                .ToArray();
            for (var task = 0; task < objectives.Length; task++)
            {
                grouping[task] = Choose(objectives[task], penalties, grouping[task], weights[task]);
            }

            history.Add(
                objectives.Select((objective, task) => objective.Value(weights[task])).Sum()
                    + (settings.Strength * norms.Total(grouping, groups))
            );
            var ended = history.Count >= settings.MostRounds;
            if (ended || (history.Count > 1 && history[^2] - history[^1] <= settings.Tolerance * history[^1]))
            {
                var settled = norms.Settle(grouping, groups);
                if (ended || settled.SequenceEqual(grouping))
                {
                    return new Solution(weights, grouping, history);
                }

                grouping = settled;
            }
        }
    }

    /// <summary>The group under whose subspace a task's loss and penalty are least together; its weights there replace the old ones.</summary>
    private static int Choose(LinearObjective objective, double[][] penalties, int own, double[] weights)
    {
        var found = penalties
            .Select(penalty =>
            {
                var tried = (double[])weights.Clone();
                return (Value: QuadraticPenalty.Minimize(objective, penalty, tried), Weights: tried);
            })
            .ToArray();
        var least = found.Min(candidate => candidate.Value);
        var chosen = found[own].Value <= least ? own : Array.FindIndex(found, candidate => candidate.Value == least);
        found[chosen].Weights.CopyTo(weights, 0);
        return chosen;
    }

    private static int[] Members(int[] grouping, int group) =>
        [.. Enumerable.Range(0, grouping.Length).Where(task => grouping[task] == group)];

    private static int[] Random(int tasks, int groups, long seed, int start)
    {
        var random = Seeds.Generator(seed, start);
        return [.. Enumerable.Range(0, tasks).Select(_ => random.Next(groups))];
    }

    private sealed record Settings(double Strength, double Smoothing, int MostRounds, double Tolerance);

    private sealed record Solution(double[][] Weights, int[] Groups, List<double> Objectives)
    {
        public ClusteredMtlModel ToModel(IReadOnlyList<LinearTaskData> tasks, LinearLoss loss) =>
            new(tasks, loss, Weights, Groups, Objectives);
    }
}
