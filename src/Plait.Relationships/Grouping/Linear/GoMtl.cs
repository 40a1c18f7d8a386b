namespace Plait.Relationships.Grouping.Linear;

/// <summary>Learns linear tasks as sparse combinations of a few latent ones, so that tasks that share some form groups that may overlap.</summary>
/// <remarks>
/// <para>Kumar and Daumé 2012, <i>Learning Task Grouping and Overlap in Multi-Task Learning</i> (GO-MTL), algorithm 1: W = LS with
/// L [features, components] and S [components, tasks] minimises Σ_t loss_t(L s_t) + sparsity Σ|S| + ridge |L|², in turn over S, task by task,
/// and over L. Either half is convex, and solved to rounding, so the objective never rises; together they are not, and the start
/// decides: L begins as the leading left singular vectors of the weights that the tasks have alone, as in the paper.</para>
/// <para>Singular vectors mix the groups that they span. Since any rotation of them spans the same, the quartimax rotation (Neuhaus and
/// Wrigley 1954) is taken, under which the fourth powers of the tasks' codes add up to most, so that each task lies along few
/// components: the paper's start, without the mixing.</para>
/// </remarks>
public static class GoMtl
{
    /// <summary>Learns.</summary>
    /// <param name="tasks">Two or more, over the same features; bring those to one scale.</param>
    /// <param name="components">How many latent tasks, from 1 to the lesser of tasks and features.</param>
    /// <param name="sparsity">Above 0; more of it makes tasks share fewer components.</param>
    /// <param name="ridge">Above 0; keeps the latent tasks from growing while the codes shrink.</param>
    /// <param name="loss">What the models are judged by.</param>
    /// <param name="mostRounds">How often both halves are solved at most.</param>
    /// <param name="tolerance">It ends when a round lowers the objective by no more than this share of it.</param>
    /// <exception cref="ArgumentException">The tasks do not fit each other or the loss, or a number is out of range.</exception>
    public static GoMtlModel Fit(
        IReadOnlyList<LinearTaskData> tasks,
        int components,
        double sparsity = 0.05,
        double ridge = 0.05,
        LinearLoss loss = LinearLoss.Squared,
        int mostRounds = 500,
        double tolerance = 1e-6
    )
    {
        LinearTaskData.Require(tasks, loss);
        if (tasks.Count < 2)
        {
            throw new ArgumentException(
                $"Latent tasks are shared by two tasks or more; got {tasks.Count}. Learn one task by {nameof(IndependentRidge)}.",
                nameof(tasks)
            );
        }

        Strengths.Require(sparsity, nameof(sparsity));
        Strengths.Require(ridge, nameof(ridge));
        ArgumentOutOfRangeException.ThrowIfLessThan(mostRounds, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        var most = Math.Min(tasks.Count, tasks[0].Features);
        if (components < 1 || components > most)
        {
            throw new ArgumentOutOfRangeException(
                nameof(components),
                components,
                $"{tasks.Count} tasks over {tasks[0].Features} features have from 1 to {most} latent tasks."
            );
        }

        var objectives = tasks.Select(task => new LinearObjective(task, loss)).ToArray();
        var basis = LatentBasis.Start(IndependentRidge.Weights(objectives, ridge), components);
        var codes = Array.ConvertAll(objectives, _ => new double[components]);
        var history = new List<double>();
        while (true)
        {
            for (var task = 0; task < objectives.Length; task++)
            {
                SparseCode.Minimize(objectives[task], basis, sparsity, codes[task]);
            }

            var penalties = sparsity * codes.Sum(code => code.Sum(Math.Abs));
            history.Add(LatentBasis.Value(objectives, codes, basis, ridge) + penalties);
            if (
                history.Count > mostRounds
                || (history.Count > 1 && history[^2] - history[^1] <= tolerance * history[^1])
            )
            {
                return new GoMtlModel(tasks, loss, basis, codes, history);
            }

            LatentBasis.Minimize(objectives, codes, basis, ridge);
        }
    }
}
