using Plait.Benchmarks.Episodes;
using Plait.Numerics;

namespace Plait.Relationships.Embedding.Studies;

/// <summary>Learns to embed tasks by trial in a family of them, and measures on new ones how their distances come out.</summary>
public static class TrajectoryStudy
{
    /// <summary>Learns and measures.</summary>
    /// <param name="family">Where tasks come from.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="progress">Hears the mean return at the end of each training step, after the last fast update.</param>
    /// <param name="cancel">Stops between two training steps.</param>
    /// <returns>What was learned and measured; the caller disposes of it.</returns>
    /// <exception cref="ArithmeticException">A loss is not finite.</exception>
    public static TrajectoryOutcome Run(
        EpisodicFamily family,
        TrajectoryOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Tasks, 3, nameof(options));
        torch.manual_seed(options.Seed);
        var random = Seeds.Undivided(options.Seed);
        var model = new TrajectoryEmbedding(
            family.Observations,
            family.Actions,
            options.Width,
            options.Hidden,
            options.Updates,
            options.Episodes
        );
        try
        {
            using var optimizer = torch.optim.Adam(model.parameters(), options.LearningRate);
            for (var i = 0; i < options.Iterations; i++)
            {
                cancel.ThrowIfCancellationRequested();
                using var step = torch.NewDisposeScope();
                var tasks = family.Begin(family.Draw(random, options.BatchTasks), options.Episodes);
                var returns = model.Learn(tasks, optimizer);
                progress?.Report(returns[^1]);
            }

            using var scope = torch.NewDisposeScope();
            var hidden = family.Draw(random, options.Tasks);
            var adapted = model.Adapt(family.Begin(hidden, options.Episodes));
            return new TrajectoryOutcome(
                model,
                Rows(hidden),
                Rows(adapted.Embeddings),
                adapted.Returns,
                Nearness(adapted.Embeddings).RankCorrelation(Nearness(hidden))
            );
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static float[][] Rows(Tensor table) => [.. table.data<float>().ToArray().Chunk((int)table.size(1))];

    /// <summary>Distances with the sign turned round, so that greater is nearer.</summary>
    private static AffinityMatrix Nearness(Tensor places)
    {
        var rows = Rows(places);
        return new AffinityMatrix(
            [.. rows.Select((_, task) => $"{task}")],
            [.. rows.SelectMany(row => rows.Select(other => -Distance(row, other)))]
        );
    }

    private static double Distance(float[] left, float[] right) =>
        Math.Sqrt(left.Zip(right, (x, y) => ((double)x - y) * ((double)x - y)).Sum());
}
